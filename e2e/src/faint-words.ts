/** Finds words that stand out too little from what is behind them. Runs in the page; WCAG 2.2, success criterion 1.4.3. */

/** Answers one line for each, empty when all can be read. Self-contained: Playwright sends its source to the page. */
export function findFaintWords(): string[] {
  const LARGE_PX = 24
  const LARGE_BOLD_PX = 18.66
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })
  if (canvas === null) throw new Error('This browser has no canvas.')

  // Painting lets the browser itself convert its colour spaces and mix what is translucent.
  const paint = (color: string) => {
    canvas.fillStyle = color
    canvas.fillRect(0, 0, 1, 1)
  }
  const luminance = () => {
    const [red = 0, green = 0, blue = 0] = canvas.getImageData(0, 0, 1, 1).data
    const linear = (level: number) => {
      const share = level / 255
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
    }
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  }
  const ancestors = (element: Element): Element[] =>
    element.parentElement === null ? [element] : [...ancestors(element.parentElement), element]

  const contrastOf = (element: Element): number => {
    paint('Canvas')
    for (const layer of ancestors(element)) paint(getComputedStyle(layer).backgroundColor)
    const behind = luminance()
    paint(getComputedStyle(element).color)
    const words = luminance()
    return (Math.max(words, behind) + 0.05) / (Math.min(words, behind) + 0.05)
  }
  const neededBy = (element: Element): number => {
    const { fontSize, fontWeight } = getComputedStyle(element)
    const size = Number.parseFloat(fontSize)
    return size >= LARGE_PX || (size >= LARGE_BOLD_PX && Number(fontWeight) >= 700) ? 3 : 4.5
  }
  // The criterion leaves out what is inactive; what is on a picture, or fading, this cannot judge.
  const isJudged = (element: Element): boolean =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
    element.closest(':disabled, [aria-disabled="true"], [data-disabled]') === null &&
    ancestors(element).every((layer) => {
      const { backgroundImage, opacity } = getComputedStyle(layer)
      return backgroundImage === 'none' && opacity === '1'
    })

  const faint = new Set<string>()
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    const { nodeValue, parentElement } = texts.currentNode
    const words = nodeValue?.trim() ?? ''
    if (words === '' || parentElement === null || !isJudged(parentElement)) continue
    const contrast = contrastOf(parentElement)
    if (contrast < neededBy(parentElement)) faint.add(`“${words.slice(0, 40)}” ${contrast.toFixed(2)}:1`)
  }
  return [...faint]
}
