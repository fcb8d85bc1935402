package io.holdfast.orchestrator;

import io.holdfast.contracts.ParticipantContract;
import io.holdfast.saga.SagaData;
import io.holdfast.saga.SagaDefinition;
import io.holdfast.saga.Step;
import java.time.Duration;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

/** Sagas of another business, which the engine runs beside the shipped ones. */
@TestConfiguration(proxyBeanMethods = false)
public class TripSagas {

  /**
   * Seat and room at the same time, then the card if they cost anything: its confirm is the pivot.
   */
  public static final String TRIP = "trip";

  /** A seat, to be decided within {@link #DASH_DEADLINE}. */
  public static final String DASH = "dash";

  /** A seat, with plenty of time. */
  public static final String HOP = "hop";

  /** A seat, once a visa is given. */
  public static final String TOUR = "tour";

  /** A seat, then a visa, then a room; all soon. */
  public static final String RUSH = "rush";

  /** A seat and a room, then for good: a guide, and after that a gift. */
  public static final String CRUISE = "cruise";

  /** What tours and rushes await. */
  public static final String VISA = "visa";

  public static final Duration VISA_LIMIT = Duration.ofHours(3);
  public static final Duration RUSH_LIMIT = Duration.ofMillis(600);
  public static final Duration DASH_DEADLINE = Duration.ofMillis(300);

  public static final ParticipantContract<Booking> SEATS = contract("seats", Booking.class);
  public static final ParticipantContract<Booking> ROOMS = contract("rooms", Booking.class);
  public static final ParticipantContract<Booking> GUIDES = contract("guides", Booking.class);
  public static final ParticipantContract<Booking> GIFTS = contract("gifts", Booking.class);
  public static final ParticipantContract<Charge> CARDS = contract("cards", Charge.class);

  /**
   * Input of every saga here.
   *
   * @param to where the journey goes
   */
  public record Journey(String to) {}

  /** What seats and rooms are asked for. */
  public record Booking(String place) {}

  /** What seats and rooms answer. */
  public record Booked(long priceMinor) {}

  /** What cards are asked for. */
  public record Charge(long amountMinor) {}

  @Bean
  SagaDefinition<Journey> trip() {
    return SagaDefinition.named(TRIP, Journey.class)
        .deadline(Duration.ofMinutes(5))
        .inParallel(
            Step.tcc(SEATS, trip -> new Booking(trip.input().to())),
            Step.tcc(ROOMS, trip -> new Booking(trip.input().to())))
        .then(
            Step.<Journey, Charge>pivot(CARDS, trip -> new Charge(priceMinor(trip)))
                .when(trip -> priceMinor(trip) > 0))
        .build();
  }

  @Bean
  SagaDefinition<Journey> dash() {
    return oneSeat(DASH).deadline(DASH_DEADLINE).build();
  }

  @Bean
  SagaDefinition<Journey> hop() {
    return oneSeat(HOP).deadline(Duration.ofMinutes(5)).build();
  }

  @Bean
  SagaDefinition<Journey> tour() {
    return SagaDefinition.named(TOUR, Journey.class)
        .deadline(Duration.ofMinutes(5))
        .then(Step.await(VISA, VISA_LIMIT))
        .then(Step.tcc(SEATS, trip -> new Booking(trip.input().to())))
        .build();
  }

  @Bean
  SagaDefinition<Journey> rush() {
    return SagaDefinition.named(RUSH, Journey.class)
        .deadline(DASH_DEADLINE)
        .then(Step.tcc(SEATS, trip -> new Booking(trip.input().to())))
        .then(Step.await(VISA, RUSH_LIMIT))
        .then(Step.tcc(ROOMS, trip -> new Booking(trip.input().to())))
        .build();
  }

  @Bean
  SagaDefinition<Journey> cruise() {
    return SagaDefinition.named(CRUISE, Journey.class)
        .deadline(Duration.ofMinutes(5))
        .inParallel(
            Step.compensable(SEATS, trip -> new Booking(trip.input().to())),
            Step.tcc(ROOMS, trip -> new Booking(trip.input().to())))
        .then(Step.retriable(GUIDES, trip -> new Booking(trip.input().to())))
        .then(
            Step.<Journey, Booking>retriable(
                    GIFTS,
                    trip -> new Booking(trip.answer(GUIDES, Booking.class).orElseThrow().place()))
                .when(trip -> !trip.input().to().equals("Nowhere")))
        .build();
  }

  private static SagaDefinition.Builder<Journey> oneSeat(String name) {
    return SagaDefinition.named(name, Journey.class)
        .then(Step.tcc(SEATS, trip -> new Booking(trip.input().to())));
  }

  private static long priceMinor(SagaData<Journey> trip) {
    return trip.answer(SEATS, Booked.class).orElseThrow().priceMinor()
        + trip.answer(ROOMS, Booked.class).orElseThrow().priceMinor();
  }

  /** Of a participant that holds for an hour. */
  public static <T> ParticipantContract<T> contract(String name, Class<T> body) {
    return new ParticipantContract<>(
        name,
        name + ".commands",
        name + ".replies",
        name + ".try",
        name + ".confirm",
        name + ".cancel",
        body,
        Duration.ofHours(1));
  }
}
