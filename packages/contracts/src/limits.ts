/** Sizes and counts that client and server have to agree on. */
export const KIB = 1024
export const MIB = 1024 * KIB
export const GIB = 1024 * MIB

/** Up to here a file travels in one call through the BFF. */
export const INLINE_MAX_BYTES = 1 * MIB

/** Amazon S3 accepts at most 5 GiB in one PutObject ("Uploading objects", S3 User Guide). */
export const FILE_MAX_BYTES = 5 * GIB

/** Names are metadata, so they may be long: 300 family emoji are 2,100 code points. */
export const FILE_NAME_MAX_CODE_POINTS = 4096

/** Items in one `files.urls` call. */
export const URLS_MAX_ITEMS = 1000

/** Ids in one batch lookup of assets. */
export const ASSETS_MAX_ITEMS = 1000

/** How long a presigned upload URL works. The PUT has to start, not to end, within it. */
export const UPLOAD_URL_SECONDS = 15 * 60

/** How long an unfinished upload is kept before it expires. */
export const UPLOAD_LIFE_SECONDS = 24 * 60 * 60

/** How long a read URL works. */
export const READ_URL_SECONDS = 5 * 60
