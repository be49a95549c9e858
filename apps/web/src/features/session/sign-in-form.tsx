/** Email, password, and what went wrong. */
import { CircleAlert, Eye, EyeOff } from 'lucide-react'
import { useId, useRef, useState, type FormEvent } from 'react'
import { Button, IconButton } from '../../ui/button.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { useSession } from './session.ts'
import { signInErrorMessage } from './sign-in-error.ts'

/** Signs in by what the form holds. Where that leads is for the router to say, which follows the session. */
function useSignIn() {
  const session = useSession()
  const [error, setError] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  async function signIn(email: string, password: string): Promise<boolean> {
    setBusy(true)
    try {
      await session.signIn(email, password)
      return true
    } catch (thrown) {
      setError(signInErrorMessage(thrown))
      return false
    } finally {
      setBusy(false)
    }
  }
  return { signIn, error, busy }
}

export function SignInForm() {
  const { signIn, error, busy } = useSignIn()
  const [shown, setShown] = useState(false)
  const password = useRef<HTMLInputElement>(null)
  const errorId = useId()

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const signedIn = await signIn(String(form.get('email')).trim(), String(form.get('password')))
    if (!signedIn) password.current?.select()
  }

  const described = error === null ? {} : { 'aria-invalid': true, 'aria-describedby': errorId }
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-4">
      <TextField
        label="Email"
        name="email"
        type="email"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus
        required
        {...described}
      />
      <TextField
        ref={password}
        label="Password"
        name="password"
        type={shown ? 'text' : 'password'}
        autoComplete="current-password"
        required
        {...described}
        trailing={
          <IconButton label={shown ? 'Hide password' : 'Show password'} onClick={() => setShown(!shown)}>
            {shown ? <EyeOff aria-hidden className="size-4" /> : <Eye aria-hidden className="size-4" />}
          </IconButton>
        }
      />
      {error !== null && (
        <p
          id={errorId}
          role="alert"
          className="animate-appear flex items-start gap-2 rounded-md bg-danger-wash px-3 py-2.5 text-base text-danger"
        >
          <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
          {error}
        </p>
      )}
      <Button type="submit" variant="primary" size="lg" busy={busy} className="mt-1 w-full">
        {busy ? 'Signing in…' : 'Sign in'}
      </Button>
    </form>
  )
}
