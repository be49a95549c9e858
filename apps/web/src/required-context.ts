/** A React context that has no default: what it carries is made once, in main.tsx. */
import { createContext, useContext, type Context } from 'react'

/** Makes a context and the hook that reads it; the hook throws outside of its provider. */
export function createRequiredContext<Value>(name: string): [Context<Value | null>, () => Value] {
  const context = createContext<Value | null>(null)
  context.displayName = name
  function useRequired(): Value {
    const value = useContext(context)
    if (value === null) throw new TypeError(`${name} is used outside of its provider`)
    return value
  }
  return [context, useRequired]
}
