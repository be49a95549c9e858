/** The environment of the browser tests: whether this run may replace the README's screenshot. */

/** Set to 1 by whoever wants `docs/screenshot.png` made anew; otherwise a test run changes no file of the checkout. */
export const updatesScreenshot = process.env['STUDIO_UPDATE_SCREENSHOT'] === '1'
