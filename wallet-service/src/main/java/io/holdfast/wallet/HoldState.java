package io.holdfast.wallet;

/** Where money stands that was set aside over HTTP. */
enum HoldState {
  /** Set aside. */
  HELD,
  /** There was not enough money; nothing was set aside. */
  REFUSED,
  /** Spent, all of it or a part; the rest is back. */
  CONFIRMED,
  /** All of it is back, as was asked for. */
  RELEASED,
  /** All of it is back, because nobody asked for anything in time. */
  EXPIRED
}
