package io.holdfast.payment.sandbox;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The same key and request: the same answer. https://docs.stripe.com/api/idempotent_requests */
final class SandboxAnswers {

  private final SandboxStore store;
  private final Set<String> inProgress = ConcurrentHashMap.newKeySet();

  SandboxAnswers(SandboxStore store) {
    this.store = store;
  }

  /**
   * What goes back to the caller.
   *
   * @param replayed whether it was said before, to the same idempotency key
   * @param lost whether it does not reach the caller
   */
  record Outcome(SandboxReply reply, boolean replayed, boolean lost) {

    /** As it is, to this request. */
    static Outcome of(SandboxReply reply) {
      return new Outcome(reply, false, false);
    }
  }

  /** Executes a request in a transaction, unless its key was answered before. */
  Outcome once(
      @Nullable String key,
      String request,
      Supplier<Duration> delay,
      Supplier<SandboxReply> execution,
      boolean losesAnswer) {
    if (key == null) {
      pause(delay.get());
      return new Outcome(store.inTransaction(execution), false, losesAnswer);
    }
    if (!inProgress.add(key)) {
      return Outcome.of(
          SandboxReply.error(
              409,
              "idempotency_error",
              "idempotency_key_in_use",
              "There is currently another in-progress request using this Idempotent Key."));
    }
    try {
      var answered = store.answered(key);
      if (answered.isPresent()) {
        return new Outcome(again(answered.get(), request), true, false);
      }
      pause(delay.get());
      return new Outcome(
          store.inTransaction(() -> kept(key, request, execution)), false, losesAnswer);
    } finally {
      inProgress.remove(key);
    }
  }

  private static SandboxReply again(SandboxStore.Answered answered, String request) {
    return answered.request().equals(request)
        ? answered.reply()
        : SandboxReply.error(
            400,
            "idempotency_error",
            "idempotency_key_reused",
            "Keys for idempotent requests can only be used with the same parameters they were first used with.");
  }

  private SandboxReply kept(String key, String request, Supplier<SandboxReply> execution) {
    var reply = execution.get();
    if (reply.isKept()) {
      store.keep(key, request, reply);
    }
    return reply;
  }

  private static void pause(Duration delay) {
    try {
      Thread.sleep(delay);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the sandbox stops while a slow card is being authorised", e);
    }
  }
}
