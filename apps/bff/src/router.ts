/** The browser's API: the table of contents. Its type is all that the web app knows of the BFF. */
import { assets } from './routes/assets.ts'
import { cards } from './routes/cards.ts'
import { files } from './routes/files.ts'
import { projects } from './routes/projects.ts'
import { session } from './routes/session.ts'
import { router } from './trpc.ts'

export const appRouter = router({ session, projects, cards, assets, files })

export type AppRouter = typeof appRouter
