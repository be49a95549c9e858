/** The import rules: for each one a violation to plant, what the linter has to say to it, and what it has to permit. */

export interface Planted {
  rule: string
  file: string
  red: string
  /** What the linter has to say: the rule's name, or the reason we gave it. */
  says: string
  green: string
}

const useCase = 'packages/asset-service/src/uploads'
export const plants: readonly Planted[] = [
  {
    rule: 'contracts import zod and siblings only',
    file: 'packages/contracts/src/planted',
    red: `import { x } from 'react'\nexport const y = x`,
    says: 'contracts import zod and each other only',
    green: `import { z } from 'zod'\nimport { a } from './file.ts'\nexport const y = [z, a]`,
  },
  {
    rule: 'the HTTP side knows no domain',
    file: 'packages/trpc-server/src/planted',
    red: `import type { x } from '@studio/asset-service/router'\nexport type y = x`,
    says: 'knows no domain',
    green: `import { x } from '@studio/contracts/limits'\nexport const y = x`,
  },
  {
    rule: 'the upload engine is headless',
    file: 'packages/upload-client/src/planted',
    red: `import { x } from 'react'\nexport const y = x`,
    says: 'headless',
    green: `import { x } from '@studio/contracts/upload'\nexport const y = x`,
  },
  {
    rule: 'use-cases see ports, not adapters',
    file: `${useCase}/planted`,
    red: `import { x } from '../adapters/postgres/database.ts'\nexport const y = x`,
    says: 'use-cases see ports',
    green: `import type { x } from '../ports/file-registry.ts'\nexport type y = x`,
  },
  {
    rule: 'vendor SDKs live in adapters',
    file: `${useCase}/planted-sdk`,
    red: `import { x } from '@aws-sdk/client-s3'\nexport const y = x`,
    says: 'vendor SDKs',
    green: `import { createHash } from 'node:crypto'\nexport const y = createHash`,
  },
  {
    rule: 'vendor SDKs live in adapters, deep paths too',
    file: `${useCase}/planted-deep`,
    red: `import { x } from 'drizzle-orm/node-postgres'\nexport const y = x`,
    says: 'vendor SDKs',
    green: `export const y = 1`,
  },
  {
    rule: 'a port names contracts and ports only',
    file: 'packages/asset-service/src/ports/planted',
    red: `import type { x } from '../uploads/begin-upload.ts'\nexport type y = x`,
    says: 'a port names contracts',
    green: `import type { x } from '@studio/contracts/file'\nimport type { z } from './object-store.ts'\nexport type y = x | z`,
  },
  {
    rule: 'adapters never call use-cases',
    file: 'packages/asset-service/src/adapters/planted',
    red: `import { x } from '../uploads/begin-upload.ts'\nexport const y = x`,
    says: 'never call use-cases',
    green: `import { x } from '@aws-sdk/client-s3'\nimport type { z } from '../ports/object-store.ts'\nexport const y: z = x`,
  },
  {
    rule: 'only start.ts chooses adapters',
    file: 'apps/asset-server/src/planted',
    red: `import { x } from '@studio/asset-service/adapters/postgres/database'\nexport const y = x`,
    says: 'only start.ts',
    green: `import { x } from '@studio/asset-service/router'\nexport const y = x`,
  },
  {
    rule: 'the bff knows the client only',
    file: 'apps/bff/src/planted',
    red: `import { x } from '@studio/asset-service/adapters/pocketbase-file-metadata'\nexport const y = x`,
    says: 'by its client only',
    green: `import { x } from '@studio/asset-service/client'\nexport const y = x`,
  },
  {
    rule: 'the bff stores nothing',
    file: 'apps/bff/src/routes/planted',
    red: `import { x } from '@aws-sdk/client-s3'\nexport const y = x`,
    says: 'stores nothing',
    green: `import { x } from '@studio/contracts/file'\nexport const y = x`,
  },
  {
    rule: 'web speaks to the bff',
    file: 'apps/web/src/planted',
    red: `import { x } from '@studio/asset-service/client'\nexport const y = x`,
    says: 'speak to the bff',
    green: `import { x } from '@studio/upload-client/upload-client'\nexport const y = x`,
  },
  {
    rule: 'web takes only types from the bff',
    file: 'apps/web/src/planted-value',
    red: `import { x } from '@studio/bff/router'\nexport const y = x`,
    says: 'only types from the bff',
    green: `import type { x } from '@studio/bff/router'\nexport type y = x`,
  },
  {
    rule: 'web runs in browsers',
    file: 'apps/web/src/planted-node',
    red: `import { x } from 'node:fs/promises'\nexport const y = x`,
    says: 'runs in browsers',
    green: `export const y = 1`,
  },
  {
    rule: 'features never import each other',
    file: 'apps/web/src/features/cards/planted',
    red: `import { x } from '../files/use-file-urls.ts'\nexport const y = x`,
    says: 'features never import each other',
    green: `import { x } from './card-list.tsx'\nimport { z } from '../../ui/button.tsx'\nexport const y = [x, z]`,
  },
  {
    rule: 'features do not use pages',
    file: 'apps/web/src/features/cards/planted-page',
    red: `import { x } from '../../pages/project-page.tsx'\nexport const y = x`,
    says: 'pages use features',
    green: `export const y = 1`,
  },
  {
    rule: 'ui knows no feature',
    file: 'apps/web/src/ui/planted',
    red: `import { x } from '../features/files/use-file-urls.ts'\nexport const y = x`,
    says: 'ui knows no feature',
    green: `import { x } from './button.tsx'\nexport const y = x`,
  },
  {
    rule: 'the demo takes only types from the bff',
    file: 'apps/demo/src/planted',
    red: `import { x } from '@studio/bff/router'\nexport const y = x`,
    says: 'only types from the bff',
    green: `import type { x } from '@studio/bff/router'\nexport type y = x`,
  },
  {
    rule: 'infra knows no application code',
    file: 'infra/dev/src/planted',
    red: `import { x } from '@studio/asset-service'\nexport const y = x`,
    says: 'infra starts applications',
    green: `import { x } from 'execa'\nexport const y = x`,
  },
  {
    rule: 'e2e is black-box',
    file: 'e2e/planted',
    red: `import { x } from '@studio/contracts/file'\nexport const y = x`,
    says: 'black-box',
    green: `import { x } from '@studio/dev/testing/test-stack'\nexport const y = x`,
  },
  {
    rule: 'process.env only in env.ts',
    file: 'apps/bff/src/planted-env',
    red: `export const y = process.env.HOME`,
    says: 'no-process-env',
    green: `export const y = 1`,
  },
  {
    rule: 'no default exports',
    file: 'apps/bff/src/planted-default',
    red: `export default 1`,
    says: 'no-default-export',
    green: `export const y = 1`,
  },
  {
    rule: 'no any',
    file: 'packages/contracts/src/planted-any',
    red: `export const y: any = 1`,
    says: 'no-explicit-any',
    green: `export const y: unknown = 1`,
  },
  {
    rule: 'no console in packages',
    file: `${useCase}/planted-console`,
    red: `console.log(1)\nexport const y = 1`,
    says: 'no-console',
    green: `export const y = 1`,
  },
  {
    rule: 'three parameters at most',
    file: `${useCase}/planted-params`,
    red: `export const y = (a: 1, b: 1, c: 1, d: 1) => [a, b, c, d]`,
    says: 'max-params',
    green: `export const y = (a: 1, b: 1, c: 1) => [a, b, c]`,
  },
  {
    rule: 'files of 250 lines at most',
    file: `${useCase}/planted-long`,
    red: Array.from({ length: 251 }, (_, n) => `export const y${n} = ${n}`).join('\n'),
    says: 'max-lines',
    green: Array.from({ length: 250 }, (_, n) => `export const y${n} = ${n}`).join('\n'),
  },
  {
    rule: 'no barrels',
    file: `${useCase}/planted-barrel`,
    red: `export * from './begin-upload.ts'`,
    says: 'no-barrel-file',
    green: `export const y = 1`,
  },
]
