/** Drop-down menus that look alike everywhere. */
import { Check } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { ComponentProps, ReactNode } from 'react'
import { classNames } from './class-names.ts'

const ITEM =
  'flex h-9 cursor-default items-center gap-2.5 rounded-sm px-2.5 text-base text-ink outline-none select-none ' +
  'data-highlighted:bg-ink/6 data-disabled:text-ink-faint [&_svg]:size-4 [&_svg]:text-ink-faint'

export interface MenuProps {
  /** The button that opens the menu. */
  trigger: ReactNode
  children: ReactNode
  align?: 'start' | 'end'
}

/** An item that opened a field has put the keyboard there; taking it back to the button would end the editing. */
function keepFocusInField(event: Event): void {
  if (document.activeElement instanceof HTMLInputElement) event.preventDefault()
}

export function Menu({ trigger, children, align = 'end' }: MenuProps) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={align}
          onCloseAutoFocus={keepFocusInField}
          sideOffset={6}
          collisionPadding={8}
          className="animate-rise z-50 min-w-48 rounded-lg border border-line bg-surface p-1 shadow-floating"
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

export interface MenuItemProps extends ComponentProps<typeof DropdownMenu.Item> {
  danger?: boolean
}

export function MenuItem({ danger = false, className, ...rest }: MenuItemProps) {
  return (
    <DropdownMenu.Item
      className={classNames(
        ITEM,
        danger && 'not-data-disabled:text-danger not-data-disabled:[&_svg]:text-danger',
        className,
      )}
      {...rest}
    />
  )
}

export function MenuRadioItem({ children, ...rest }: ComponentProps<typeof DropdownMenu.RadioItem>) {
  return (
    <DropdownMenu.RadioItem className={ITEM} {...rest}>
      {children}
      <DropdownMenu.ItemIndicator className="ml-auto">
        <Check aria-hidden />
      </DropdownMenu.ItemIndicator>
    </DropdownMenu.RadioItem>
  )
}

export const MenuRadioGroup = DropdownMenu.RadioGroup

export function MenuSeparator() {
  return <DropdownMenu.Separator className="-mx-1 my-1 h-px bg-line" />
}
