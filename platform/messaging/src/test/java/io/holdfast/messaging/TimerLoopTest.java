package io.holdfast.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TimerLoopTest {

  private final LinkedBlockingQueue<Long> runs = new LinkedBlockingQueue<>();
  private TimerLoop loop = new TimerLoop("test", this::run);

  private Duration run() {
    runs.add(System.nanoTime());
    return Duration.ofDays(1);
  }

  @AfterEach
  void stop() {
    loop.stop();
  }

  @Test
  void looksForRowsOfDeadInstancesWithinTheLongestSleep() throws InterruptedException {
    loop.start();

    assertThat(runs.poll(1, TimeUnit.SECONDS)).isNotNull();
    assertThat(runs.poll(TimerLoop.LONGEST_SLEEP.toMillis() + 1000, TimeUnit.MILLISECONDS))
        .isNotNull();
  }

  @Test
  void anEarlierRowWakesItOnTime() throws InterruptedException {
    loop.start();
    runs.poll(1, TimeUnit.SECONDS);
    long asked = System.nanoTime();

    loop.wakeUpIn(Duration.ofMillis(200));

    Long ran = runs.poll(1, TimeUnit.SECONDS);
    assertThat(ran).isNotNull();
    assertThat(Duration.ofNanos(ran - asked))
        .isBetween(Duration.ofMillis(199), Duration.ofMillis(700));
  }

  @Test
  void aFailureIsNotTheEnd() {
    var failures = new AtomicInteger();
    loop =
        new TimerLoop(
            "failing",
            () -> {
              failures.incrementAndGet();
              throw new IllegalStateException("database away");
            });

    loop.start();

    await().atMost(Duration.ofSeconds(5)).until(() -> failures.get() >= 2);
  }

  @Test
  void stopsWithinASecondHoweverLongItWouldSleep() {
    loop.start();
    long begin = System.nanoTime();

    loop.stop();

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(1));
  }
}
