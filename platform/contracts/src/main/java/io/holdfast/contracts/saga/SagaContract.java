package io.holdfast.contracts.saga;

/**
 * Topics and message types by which the orchestrator is spoken to and speaks, apart from commands.
 */
public final class SagaContract {

  /**
   * Read by the orchestrator: starts, cancellations, questions for an outcome. Keyed by saga id.
   */
  public static final String REQUESTS_TOPIC = "saga.requests";

  /** Written by the orchestrator: how sagas ended. Keyed by saga id. */
  public static final String EVENTS_TOPIC = "saga.events";

  /** Body: {@link StartSaga}. */
  public static final String START_TYPE = "io.holdfast.saga.start.v1";

  /** Body: {@link CancelSaga}. */
  public static final String CANCEL_TYPE = "io.holdfast.saga.cancel.v1";

  /** Asked by a participant whose reservation is old; no body, the envelope names saga and step. */
  public static final String ASK_OUTCOME_TYPE = "io.holdfast.saga.ask-outcome.v1";

  /** Body: {@link SagaEnded}. */
  public static final String ENDED_TYPE = "io.holdfast.saga.ended.v1";

  /**
   * Body: the participant's own data as JSON, or empty. The envelope names saga, step, phase and
   * attempt.
   */
  public static final String DONE_TYPE = "io.holdfast.saga.reply-done.v1";

  /** Body: {@link io.holdfast.contracts.Reason}. */
  public static final String REFUSED_TYPE = "io.holdfast.saga.reply-refused.v1";

  /** Body: {@link io.holdfast.contracts.Reason}. */
  public static final String CONFLICT_TYPE = "io.holdfast.saga.reply-conflict.v1";

  private SagaContract() {}
}
