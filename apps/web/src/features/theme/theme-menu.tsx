/** Chooses between light, dark and the system's theme. */
import { Monitor, Moon, Sun, type LucideIcon } from 'lucide-react'
import { useStore } from 'zustand'
import { IconButton } from '../../ui/button.tsx'
import { Menu, MenuRadioGroup, MenuRadioItem } from '../../ui/menu.tsx'
import { chooseTheme, THEMES, themeStore, type Theme } from './theme-store.ts'

const LOOKS: Record<Theme, { icon: LucideIcon; label: string }> = {
  system: { icon: Monitor, label: 'System' },
  light: { icon: Sun, label: 'Light' },
  dark: { icon: Moon, label: 'Dark' },
}

export function ThemeMenu() {
  const theme = useStore(themeStore, (state) => state.theme)
  const { icon: Current } = LOOKS[theme]
  return (
    <Menu
      trigger={
        <IconButton label="Theme">
          <Current aria-hidden className="size-4.5" />
        </IconButton>
      }
    >
      <MenuRadioGroup value={theme} onValueChange={(value) => chooseTheme(value as Theme)}>
        {THEMES.map((value) => {
          const { icon: Icon, label } = LOOKS[value]
          return (
            <MenuRadioItem key={value} value={value}>
              <Icon aria-hidden />
              {label}
            </MenuRadioItem>
          )
        })}
      </MenuRadioGroup>
    </Menu>
  )
}
