/** The parts of a stack, by the names that people, logs and messages use. */

export const SERVER_NAMES = ['postgres', 's3', 'pocketbase'] as const
export const APP_NAMES = ['asset-server', 'bff', 'web'] as const

export type ServerPart = (typeof SERVER_NAMES)[number]
export type AppPart = (typeof APP_NAMES)[number]
export type ServiceName = ServerPart | AppPart
