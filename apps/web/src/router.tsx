/** Which address shows which page, and who may go there. */
import { fileIdSchema } from '@studio/contracts/file'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { z } from 'zod'
import type { Session } from './features/session/session.ts'
import { AppShell } from './pages/app-shell.tsx'
import { FailedPage } from './pages/failed-page.tsx'
import { NotFoundPage } from './pages/not-found-page.tsx'
import { ProjectPage } from './pages/project-page.tsx'
import { ProjectsPage } from './pages/projects-page.tsx'
import { SignInPage } from './pages/sign-in-page.tsx'
import { safeReturnPath } from './return-path.ts'

interface RouterContext {
  session: Session
}

const rootRoute = createRootRouteWithContext<RouterContext>()({ component: Outlet })

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: z.object({ to: z.string().optional().catch(undefined) }),
  beforeLoad: ({ context: { session }, search }) => {
    if (session.store.getState().person !== null) {
      throw redirect({ href: safeReturnPath(search.to), replace: true })
    }
  },
  component: SignInPage,
})

const appRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'app',
  beforeLoad: ({ context: { session }, location }) => {
    const { person, ended } = session.store.getState()
    if (person !== null) return
    // Whoever signs out means to leave; everyone else means to come back to where they were.
    const search = ended === 'signed-out' || location.href === '/' ? {} : { to: location.href }
    throw redirect({ to: '/sign-in', search, replace: true })
  },
  component: AppShell,
})

const projectsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/',
  component: ProjectsPage,
})

const projectRoute = createRoute({
  getParentRoute: () => appRoute,
  path: '/projects/$projectId',
  validateSearch: z.object({ file: fileIdSchema.optional().catch(undefined) }),
  component: ProjectPage,
})

const routeTree = rootRoute.addChildren([signInRoute, appRoute.addChildren([projectsRoute, projectRoute])])

/** Makes the router; it follows the session, so that signing in or out moves whoever does it. */
export function createStudioRouter(session: Session) {
  const router = createRouter({
    routeTree,
    context: { session },
    defaultNotFoundComponent: NotFoundPage,
    defaultErrorComponent: FailedPage,
  })
  session.store.subscribe(({ person }, before) => {
    if (person?.id !== before.person?.id) void router.invalidate()
  })
  return router
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createStudioRouter>
  }
}
