/** Sizes and counts that client and server have to agree on. */
export const KIB = 1024
export const MIB = 1024 * KIB
export const GIB = 1024 * MIB
export const TIB = 1024 * GIB

/** Up to here a file travels in one call through the BFF. */
export const INLINE_MAX_BYTES = 1 * MIB

/** Larger files go in parts. A single PUT is hashed as a whole before it begins, so it should not take long to hash. */
export const SINGLE_PUT_MAX_BYTES = 16 * MIB

/** The largest object that S3 holds ("Amazon S3 multipart upload limits", S3 User Guide). */
export const FILE_MAX_BYTES = 5 * TIB

/** Parts whose URLs are asked for in one call. */
export const SIGN_PARTS_MAX_ITEMS = 100

/** S3 numbers parts from 1 to 10,000 ("Amazon S3 multipart upload limits"). */
export const PARTS_MAX = 10_000

/**
 * A part by tus is held in memory until it is whole, so that the store can check it: this is what one may take, and 10,000 of
 * them are the largest file that may come so, 78 GiB. Larger ones go past us, straight to the store.
 */
export const TUS_PART_BYTES = 8 * MIB
export const TUS_MAX_BYTES = PARTS_MAX * TUS_PART_BYTES

/** `Upload-Metadata` as it is sent. The longest name and folder path, in base64, are 27 KiB of it. */
export const TUS_METADATA_MAX_BYTES = 32 * KIB

/** Of all headers of a request or an answer, beside that one a token. Node takes 16 KiB unless it is told. */
export const HEADERS_MAX_BYTES = 64 * KIB

/** Names are metadata, so they may be long: 300 family emoji are 2,100 code points. */
export const FILE_NAME_MAX_CODE_POINTS = 4096

/** A dropped folder's place in the folder that was dropped: as long as a path may be on most systems (PATH_MAX, in characters). */
export const FOLDER_PATH_MAX_CODE_POINTS = 1024

/** Files in one question for duplicates. */
export const DUPLICATES_MAX_ITEMS = 100

/** Unfinished uploads in one answer. */
export const PENDING_MAX_ITEMS = 100

/** Items in one `files.urls` call. */
export const URLS_MAX_ITEMS = 1000

/** Ids in one batch lookup of assets. */
export const ASSETS_MAX_ITEMS = 1000

/** How long a presigned upload URL works. The PUT has to start, not to end, within it. */
export const UPLOAD_URL_SECONDS = 15 * 60

/** How long an unfinished upload is kept after its last sign of life before it expires. */
export const UPLOAD_LIFE_SECONDS = 7 * 24 * 60 * 60

/** How long a read URL works. */
export const READ_URL_SECONDS = 5 * 60
