/** The files that the demo uploads when none are named: four pictures of different formats, and an empty note. */
import type { DemoFile } from './demo-file.ts'
import { drawAurora } from './drawings/aurora.ts'
import { drawContours } from './drawings/contours.ts'
import { drawDunes } from './drawings/dunes.ts'
import { drawPoster } from './drawings/poster.ts'
import { renderImage, renderPhoto } from './drawings/render-image.ts'
import { mimeTypeOf } from './mime-type.ts'

/** The same bytes on every run. The photograph is above 1 MiB, so that it takes the direct way to the store. */
export async function drawFiles(): Promise<DemoFile[]> {
  const aurora = drawAurora({ width: 1200, height: 750, seed: 7, glow: ['#5ff2b5', '#7b6cff'] })
  const poster = drawPoster({
    width: 1200,
    height: 1500,
    seed: 5,
    columns: 4,
    colours: ['#f3eee3', '#1f2a44', '#e4572e', '#f2b134', '#3a8f85'],
  })
  const dunes = drawDunes({ width: 1600, height: 1000, seed: 4, colours: ['#2b3a67', '#f5a67f', '#7a2e3a'] })
  const contours = drawContours({ width: 1200, height: 900, seed: 9, paper: '#f4efe2', ink: '#2f5d50' })
  return [
    fileOf('Aurora at midnight.jpg', await renderPhoto(aurora, 3)),
    fileOf('Shapes at play.png', await renderImage(poster, 'png')),
    fileOf('Evening dunes.webp', await renderImage(dunes, 'webp')),
    fileOf('The way up.png', await renderImage(contours, 'png')),
    fileOf('Empty note.txt', new Uint8Array(0)),
  ]
}

function fileOf(name: string, bytes: Uint8Array<ArrayBuffer>): DemoFile {
  const mimeType = mimeTypeOf(name)
  return { name, mimeType, source: new Blob([bytes], { type: mimeType }) }
}
