/** What the demo's projects hold when they are new. */
import type { AssetKind } from '@studio/contracts/asset'
import { composeSound } from './compose-sound.ts'
import { ADA, DEMO_CARD, DEMO_PROJECT, GRACE } from './demo-people.ts'
import { drawAurora } from './drawings/aurora.ts'
import { drawContours } from './drawings/contours.ts'
import { drawDunes } from './drawings/dunes.ts'
import { drawPoster } from './drawings/poster.ts'
import { renderImage, renderPhoto } from './drawings/render-image.ts'
import { drawStoryboard } from './drawings/storyboard.ts'

export interface SeedFile {
  name: string
  /** Makes its bytes, always the same ones; called only when the file is missing. */
  make: () => Promise<Uint8Array<ArrayBuffer>>
  /** The asset it stands behind, if any. */
  asset?: { name: string; kind: AssetKind }
}

export interface SeedCard {
  title: string
  files: readonly SeedFile[]
}

export interface SeedProject {
  name: string
  owner: string
  members: readonly string[]
  cards: readonly SeedCard[]
}

const NORTHERN_LIGHTS: SeedProject = {
  name: DEMO_PROJECT,
  owner: ADA.email,
  members: [GRACE.email],
  cards: [
    {
      title: 'Moodboard',
      files: [
        { name: 'Last light.webp', make: () => renderImage(dunes(), 'webp') },
        { name: 'Colour study.png', make: () => renderImage(colours(), 'png') },
        { name: 'Ridge survey.png', make: () => renderImage(contours(), 'png') },
      ],
    },
    {
      title: 'Storyboard',
      files: [{ name: 'Storyboard, first pass.png', make: () => renderImage(storyboard(), 'png') }],
    },
    {
      title: 'Key visuals',
      files: [
        {
          name: 'Aurora over the lake.jpg',
          make: () => renderPhoto(aurora({ width: 1200, height: 750 }, 12), 5),
          asset: { name: 'Aurora over the lake', kind: 'image' },
        },
        {
          name: 'Aurora, portrait.jpg',
          make: () => renderImage(aurora({ width: 1000, height: 1250 }, 21), 'jpeg'),
          asset: { name: 'Aurora, portrait', kind: 'image' },
        },
      ],
    },
    {
      title: 'Sound',
      files: [
        {
          name: 'Theme sketch.wav',
          make: async () => composeSound(),
          asset: { name: 'Theme', kind: 'audio' },
        },
      ],
    },
    {
      title: DEMO_CARD,
      files: [
        { name: 'Delivery notes.txt', make: async () => text('Master: 16:9 and 4:5. Stills: JPEG, sRGB.\n') },
      ],
    },
  ],
}

const HARBOUR_HOTEL: SeedProject = {
  name: 'Harbour Hotel',
  owner: GRACE.email,
  members: [ADA.email],
  cards: [
    { title: 'Patterns', files: [{ name: 'Lobby tiles.png', make: () => renderImage(tiles(), 'png') }] },
    {
      title: 'Photography',
      files: [{ name: 'Morning, east side.webp', make: () => renderImage(sea(), 'webp') }],
    },
  ],
}

const FIELD_NOTES: SeedProject = { name: 'Field Notes', owner: ADA.email, members: [], cards: [] }

/** In the order in which they are made; the last one stands for all being there. */
export const SEED_PROJECTS: readonly [SeedProject, ...SeedProject[]] = [
  NORTHERN_LIGHTS,
  HARBOUR_HOTEL,
  FIELD_NOTES,
]

function aurora(size: { width: number; height: number }, seed: number): string {
  return drawAurora({ ...size, seed, glow: seed === 12 ? ['#7df0c4', '#4f8dff'] : ['#6ee7f5', '#e46cff'] })
}

function dunes(): string {
  return drawDunes({ width: 1600, height: 1000, seed: 18, colours: ['#1d2a4d', '#e8b48a', '#3f2b46'] })
}

function sea(): string {
  return drawDunes({ width: 1500, height: 1000, seed: 33, colours: ['#8fb8d8', '#f4dfc4', '#1f5673'] })
}

function colours(): string {
  const palette = ['#0f2a3f', '#5ff2b5', '#e9f5ef', '#4f8dff', '#f2b134'] as const
  return drawPoster({ width: 1200, height: 1200, seed: 41, columns: 3, colours: [...palette] })
}

function tiles(): string {
  const palette = ['#f6f1e7', '#20435c', '#c8553d', '#e6b655'] as const
  return drawPoster({ width: 1500, height: 1000, seed: 8, columns: 6, colours: [...palette] })
}

function contours(): string {
  return drawContours({ width: 1200, height: 900, seed: 27, paper: '#eef2f4', ink: '#1d4a63' })
}

function storyboard(): string {
  return drawStoryboard({ width: 1600, height: 1100 })
}

function text(content: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(content)
}
