/** Live updates: shared subscriptions over the PocketBase client that come back after every interruption. */
import type PocketBase from 'pocketbase'
import { useEffect, useRef } from 'react'
import { createStore, type StoreApi } from 'zustand'
import { createRequiredContext } from './required-context.ts'
import { topicKey, type Topic } from './realtime-topic.ts'

export interface RealtimeEvent {
  action: string
  record: Record<string, unknown>
}

export interface TopicListener {
  onEvent: (event: RealtimeEvent) => unknown
  /** The subscription stands from here on. What happened before, or while it was away, is not told again: refetch. */
  onLive: () => unknown
}

/** `idle`: nobody listens. `since` is when the state was entered. */
export interface RealtimeStatus {
  state: 'idle' | 'connecting' | 'live' | 'lost'
  since: number
}

export interface Realtime {
  status: StoreApi<RealtimeStatus>
  listen: (topic: Topic, listener: TopicListener) => () => void
  /** After another person signed in: nothing of the former identity's connection may stay. */
  reset: () => void
}

export interface RealtimeOptions {
  pocketBase: PocketBase
  /** Live again after an interruption. */
  onReconnect: () => void
  onLost: () => void
}

/** The SDK's own event: a connection was made and all subscriptions are handed in. */
const CONNECT_KEY = 'PB_CONNECT'

/** A topic that a page leaves and the next one wants is kept, not handed back and asked for again. */
const LINGER_MS = 1_000

const RETRY_MIN_MS = 500
const RETRY_MAX_MS = 2_000

/** Makes the layer over the client's one connection. */
export function createRealtime({ pocketBase, onReconnect, onLost }: RealtimeOptions): Realtime {
  const wire = pocketBase.realtime
  const status = createStore<RealtimeStatus>(() => ({ state: 'idle', since: Date.now() }))
  const topics = new Map<string, Set<TopicListener>>()
  const failed = new Set<string>()
  let retryDelay = RETRY_MIN_MS
  let retryTimer: ReturnType<typeof setTimeout> | undefined
  let resetting = false

  function enter(state: RealtimeStatus['state']): void {
    // A failed attempt does not start the clock of an interruption anew.
    const continues = state !== 'live' && state !== 'idle' && isAway(status.getState())
    status.setState({ state, since: continues ? status.getState().since : Date.now() })
  }

  function tell(key: string): void {
    topics.get(key)?.forEach((listener) => listener.onLive())
  }

  function becomeLive(): void {
    if (topics.size === 0 || failed.size > 0 || status.getState().state === 'live') return
    const wasLost = status.getState().state === 'lost'
    retryDelay = RETRY_MIN_MS
    enter('live')
    if (!wasLost) return
    for (const key of topics.keys()) tell(key)
    onReconnect()
  }

  function lose(): void {
    enter('lost')
    onLost()
  }

  function open(key: string): void {
    const callback =
      key === CONNECT_KEY
        ? becomeLive
        : (event: RealtimeEvent) => topics.get(key)?.forEach((listener) => listener.onEvent(event))
    wire.subscribe(key, callback).then(
      () => {
        // While the SDK is reconnecting it says yes at once; then its own event follows.
        if (!wire.isConnected) return
        tell(key)
        becomeLive()
      },
      () => retryLater(key),
    )
  }

  // The SDK reconnects by itself only once it has been connected; a first attempt that fails is left to us.
  function retryLater(key: string): void {
    if (topics.size === 0 || resetting) return
    failed.add(key)
    lose()
    if (retryTimer !== undefined) return
    retryTimer = setTimeout(retry, retryDelay)
    retryDelay = Math.min(retryDelay * 2, RETRY_MAX_MS)
  }

  function retry(): void {
    retryTimer = undefined
    const keys = [...failed].filter((key) => topics.has(key) || key === CONNECT_KEY)
    failed.clear()
    for (const key of keys) {
      // A subscription that was refused stays registered in the SDK: take it out, or it would hear everything twice.
      void wire.unsubscribe(key).catch(() => undefined)
      open(key)
    }
  }

  function openAll(): void {
    enter('connecting')
    for (const key of [CONNECT_KEY, ...topics.keys()]) open(key)
  }

  function closeAll(): Promise<void> {
    clearTimeout(retryTimer)
    retryTimer = undefined
    failed.clear()
    enter('idle')
    return wire.unsubscribe().catch(() => undefined)
  }

  function closeIfUnused(key: string): void {
    if (resetting || topics.get(key)?.size !== 0) return
    topics.delete(key)
    failed.delete(key)
    void (topics.size === 0 ? closeAll() : wire.unsubscribe(key).catch(() => undefined))
  }

  function listen(topic: Topic, listener: TopicListener): () => void {
    const key = topicKey(topic)
    const listeners = topics.get(key) ?? new Set()
    const isNew = !topics.has(key)
    topics.set(key, listeners.add(listener))
    if (!resetting) {
      if (isNew && topics.size === 1) openAll()
      else if (isNew) open(key)
      // Nobody may have listened to it for a moment, and what the listener shows may be older than that.
      else if (status.getState().state === 'live') listener.onLive()
    }
    return () => {
      listeners.delete(listener)
      setTimeout(() => closeIfUnused(key), LINGER_MS)
    }
  }

  async function reset(): Promise<void> {
    if (resetting) return
    resetting = true
    // To the end: PocketBase refuses another identity on a connection that an earlier one has used.
    await closeAll()
    resetting = false
    for (const [key, listeners] of topics) if (listeners.size === 0) topics.delete(key)
    if (topics.size > 0) openAll()
  }

  wire.onDisconnect = () => {
    if (topics.size > 0 && !resetting && status.getState().state !== 'idle') lose()
  }

  return { status, listen, reset: () => void reset() }
}

function isAway({ state }: RealtimeStatus): boolean {
  return state === 'connecting' || state === 'lost'
}

export const [RealtimeContext, useRealtime] = createRequiredContext<Realtime>('RealtimeContext')

/** Listens while the component is on the page. Pass `null` to listen to nothing. */
export function useRealtimeTopic(topic: Topic | null, listener: TopicListener): void {
  const realtime = useRealtime()
  const latest = useRef(listener)
  useEffect(() => {
    latest.current = listener
  })
  const collection = topic?.collection
  const filter = topic?.filter
  useEffect(() => {
    if (collection === undefined) return undefined
    return realtime.listen(filter === undefined ? { collection } : { collection, filter }, {
      onEvent: (event) => latest.current.onEvent(event),
      onLive: () => latest.current.onLive(),
    })
  }, [realtime, collection, filter])
}
