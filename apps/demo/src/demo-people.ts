/** The two people of the demo, so that one can watch what the other does. They share a password. */

export const ADA = { email: 'ada@studio.test', name: 'Ada Lovelace' } as const
export const GRACE = { email: 'grace@studio.test', name: 'Grace Hopper' } as const

/** The project and the card that uploads of the demo go to. */
export const DEMO_PROJECT = 'Northern Lights'
export const DEMO_CARD = 'Deliverables'
