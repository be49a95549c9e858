/** What is known about a file, the way to keep it, and what else belongs to its asset. */
import type { AssetId } from '@studio/contracts/asset'
import type { File } from '@studio/contracts/file'
import { Link } from '@tanstack/react-router'
import { Download } from 'lucide-react'
import { trpc } from '../../trpc.ts'
import { formatBytes } from '../../ui/format-bytes.ts'
import { typeIcon, typeName } from './describe-type.ts'
import { useAssetFiles } from './use-asset-files.ts'
import { useFileUrls } from './use-file-urls.ts'

const addedOn = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' })

function Fact({ term, children }: { term: string; children: string }) {
  return (
    <div className="flex justify-between gap-4 py-2">
      <dt className="text-ink-faint">{term}</dt>
      <dd className="text-right text-ink tabular-nums">{children}</dd>
    </div>
  )
}

export function FileFacts({ file }: { file: File }) {
  const { width, height } = file
  return (
    <dl className="divide-y divide-line border-y border-line text-sm">
      <Fact term="Type">{typeName(file.mimeType)}</Fact>
      <Fact term="Size">{formatBytes(file.size)}</Fact>
      {width !== null && height !== null && <Fact term="Dimensions">{`${width} × ${height} px`}</Fact>}
      <Fact term="Added">{addedOn.format(new Date(file.created))}</Fact>
    </dl>
  )
}

/** The bytes as a file; the server names it and refuses to have it shown instead. */
export function DownloadLink({ file }: { file: File }) {
  const url = useFileUrls([file.id], 'attachment').get(file.id) ?? undefined
  return (
    <a
      href={url}
      download={file.name}
      aria-disabled={url === undefined || undefined}
      className="inline-flex h-10 w-full items-center justify-center gap-2 rounded-md bg-accent px-4 font-medium text-on-accent transition-colors hover:bg-accent-strong aria-disabled:opacity-55"
    >
      <Download aria-hidden className="size-4" />
      Download
    </a>
  )
}

/** The other files behind the same asset, when there are any. */
export function AssetSiblings({ file, assetId }: { file: File; assetId: AssetId }) {
  const asset = trpc.assets.byIds.useQuery({ assetIds: [assetId] }).data?.[0]
  const { data = [] } = useAssetFiles([assetId])
  const others = data.filter(({ id }) => id !== file.id)
  if (asset === undefined) return null
  return (
    <section aria-label={`Asset ${asset.name}`} className="text-sm">
      <h3 className="text-ink-faint">
        Part of <span className="font-medium text-ink">{asset.name}</span>
      </h3>
      <ul className="mt-1.5">
        {others.map((other) => {
          const Icon = typeIcon(other.mimeType)
          return (
            <li key={other.id}>
              <Link
                to="/projects/$projectId"
                params={{ projectId: other.projectId }}
                search={{ file: other.id }}
                replace
                resetScroll={false}
                className="-mx-2 flex items-center gap-2 rounded-sm px-2 py-1.5 text-ink-soft hover:bg-ink/6 hover:text-ink"
              >
                <Icon aria-hidden className="size-4 shrink-0 text-ink-faint" />
                <span className="truncate">{other.name}</span>
              </Link>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
