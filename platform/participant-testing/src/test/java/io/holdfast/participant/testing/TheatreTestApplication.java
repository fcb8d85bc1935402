package io.holdfast.participant.testing;

import io.holdfast.contracts.ParticipantContract;
import io.holdfast.participant.testing.CountedThings.Some;
import java.time.Duration;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A service with two participants that share its topics, and one on a topic of its own. */
@SpringBootConfiguration
@EnableAutoConfiguration
class TheatreTestApplication {

  static final ParticipantContract<Some> SEATS = contract("seats", "theatre");
  static final ParticipantContract<Some> FLYERS = contract("flyers", "theatre");
  static final ParticipantContract<Some> DRINKS = contract("drinks", "theatre-bar");

  private static ParticipantContract<Some> contract(String name, String service) {
    return new ParticipantContract<>(
        name,
        service + ".commands",
        service + ".replies",
        "test." + name + ".try.v1",
        "test." + name + ".confirm.v1",
        "test." + name + ".cancel.v1",
        Some.class,
        Duration.ofMinutes(10));
  }

  @Bean
  CountedThingStore countedThingStore(JdbcClient jdbc) {
    return new CountedThingStore(jdbc);
  }

  @Bean
  CountedThings seats(CountedThingStore store) {
    return new CountedThings(SEATS, false, store);
  }

  @Bean
  CountedThings flyers(CountedThingStore store) {
    return new CountedThings(FLYERS, true, store);
  }

  @Bean
  CountedThings drinks(CountedThingStore store) {
    return new CountedThings(DRINKS, false, store);
  }
}
