/** Who is signed in, and the way out. */
import { LogOut } from 'lucide-react'
import { useStore } from 'zustand'
import { Menu, MenuItem, MenuSeparator } from '../../ui/menu.tsx'
import { useSession } from './session.ts'

/** At most two letters, of any script. */
function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter(Boolean)
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) =>
    word ? [...word][0] : '',
  )
  return letters.join('').toLocaleUpperCase()
}

export interface AccountMenuProps {
  /** Something is under way that signing out would stop; asks before it is. */
  onSignOut: () => void
}

export function AccountMenu({ onSignOut }: AccountMenuProps) {
  const person = useStore(useSession().store, (state) => state.person)
  if (person === null) return null
  const name = person.name || person.email
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={`Account of ${name}`}
          className="ml-1 grid size-8 place-items-center rounded-full bg-accent-wash text-xs font-semibold text-accent-strong transition-shadow hover:ring-2 hover:ring-accent/35"
        >
          {initialsOf(name)}
        </button>
      }
    >
      <div className="max-w-64 px-2.5 pt-2 pb-1.5">
        <p className="truncate font-medium">{name}</p>
        {person.name !== '' && <p className="truncate text-sm text-ink-faint">{person.email}</p>}
      </div>
      <MenuSeparator />
      <MenuItem onSelect={onSignOut}>
        <LogOut aria-hidden />
        Sign out
      </MenuItem>
    </Menu>
  )
}
