package io.holdfast.order;

import io.holdfast.order.OrderWatch.Watcher;
import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * What happens to an order, as server-sent events: where it stands, then each change, until it has
 * ended. Events are read from their table, so any instance can serve them and a client that comes
 * back misses none: it is told what has happened since, such as a refund.
 */
@RestController
class OrderEventsController {

  private static final Logger log = LoggerFactory.getLogger(OrderEventsController.class);
  private static final Duration GRACE = Duration.ofSeconds(30);

  private final OrderRepository repository;
  private final OrderStore orders;
  private final OrderWatch watch;
  private final OrderProperties.Follow settings;
  private final Semaphore streams;

  OrderEventsController(
      OrderRepository repository, OrderStore orders, OrderWatch watch, OrderProperties properties) {
    this.repository = repository;
    this.orders = orders;
    this.watch = watch;
    this.settings = properties.follow();
    this.streams = new Semaphore(settings.maxStreams());
  }

  /**
   * Follows an order. Who has seen its end already gets 204, which tells an {@code EventSource} not
   * to come back.
   */
  @GetMapping("/orders/{orderId}/events")
  ResponseEntity<SseEmitter> follow(
      @PathVariable String orderId,
      @RequestParam(required = false) @Nullable UUID customerId,
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId) {
    var id = OrderIds.parse(orderId);
    var order =
        (customerId == null
                ? repository.findByOrderId(id)
                : repository.findByOrderIdAndCustomerId(id, customerId))
            .orElseThrow(OrderProblem::unknownOrder);
    int seen = lastSeen(lastEventId, order);
    if (order.state().ended() && seen >= order.version()) {
      return ResponseEntity.status(HttpStatus.NO_CONTENT).build();
    }

    if (!streams.tryAcquire()) {
      throw OrderProblem.tooManyStreams();
    }
    var watcher = watch.watch(id);
    if (watcher == null) {
      streams.release();
      throw OrderProblem.tooManyStreams();
    }
    var emitter = new SseEmitter(settings.longestStream().plus(GRACE).toMillis());
    emitter.onCompletion(watcher::close);
    emitter.onTimeout(watcher::close);
    emitter.onError(_ -> watcher.close());
    var language = LocaleContextHolder.getLocale();
    Thread.ofVirtual()
        .name("order-events")
        .start(
            () -> {
              LocaleContextHolder.setLocale(language);
              send(id, seen, watcher, emitter);
            });
    return ResponseEntity.ok()
        .contentType(MediaType.TEXT_EVENT_STREAM)
        .header("Cache-Control", "no-store")
        .header("X-Accel-Buffering", "no")
        .body(emitter);
  }

  /**
   * A client that says nothing, or what it cannot have seen, gets where the order stands, not how
   * it came there.
   */
  private static int lastSeen(@Nullable String lastEventId, Order order) {
    if (lastEventId != null && lastEventId.matches("\\d{1,9}")) {
      int seen = Integer.parseInt(lastEventId);
      if (seen <= order.version()) {
        return seen;
      }
    }
    return order.version() - 1;
  }

  private void send(UUID orderId, int lastSeen, Watcher watcher, SseEmitter emitter) {
    long until = System.nanoTime() + settings.longestStream().toNanos();
    try (watcher) {
      int seen = lastSeen;
      while (System.nanoTime() - until < 0) {
        boolean ended = false;
        for (var event : orders.loadEvents(orderId, seen)) {
          emitter.send(
              SseEmitter.event()
                  .id(Integer.toString(event.seq()))
                  .data(event, MediaType.APPLICATION_JSON));
          seen = event.seq();
          ended = event.state().ended();
        }
        if (ended) {
          return;
        }
        if (watcher.await(seen, settings.heartbeat()) == null) {
          if (!watcher.isOpen()) {
            return;
          }
          emitter.send(SseEmitter.event().comment("still " + OrderState.PENDING));
        }
      }
    } catch (IOException | IllegalStateException e) {
      log.debug("the client that followed order {} has gone", orderId, e);
    } finally {
      emitter.complete();
      streams.release();
    }
  }
}
