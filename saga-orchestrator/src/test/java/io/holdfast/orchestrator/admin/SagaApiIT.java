package io.holdfast.orchestrator.admin;

import static io.holdfast.contracts.Phase.CONFIRM;
import static io.holdfast.contracts.Phase.TRY;
import static io.holdfast.orchestrator.TripSagas.CARDS;
import static io.holdfast.orchestrator.TripSagas.CRUISE;
import static io.holdfast.orchestrator.TripSagas.HOP;
import static io.holdfast.orchestrator.TripSagas.ROOMS;
import static io.holdfast.orchestrator.TripSagas.SEATS;
import static io.holdfast.orchestrator.TripSagas.TOUR;
import static io.holdfast.orchestrator.TripSagas.TRIP;
import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.contracts.Reason;
import io.holdfast.contracts.SagaId;
import io.holdfast.orchestrator.RunningOrchestrator;
import io.holdfast.orchestrator.TripSagas.Booked;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an operator sees over HTTP. */
@Tag("R-S5")
class SagaApiIT extends RunningOrchestrator {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @Autowired DataSource dataSource;

  @Value("${spring.datasource.hikari.maximum-pool-size}")
  int poolSize;

  @Value("${local.server.port}")
  int port;

  private record Answer(int status, String contentType, JsonNode body) {}

  private Answer get(String path) {
    return getAsync(path).orTimeout(20, TimeUnit.SECONDS).join();
  }

  private CompletableFuture<Answer> getAsync(String path) {
    return send(request(path).GET());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
        .timeout(Duration.ofSeconds(20));
  }

  private static CompletableFuture<Answer> send(HttpRequest.Builder request) {
    return HTTP.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
        .thenApply(
            response ->
                new Answer(
                    response.statusCode(),
                    response.headers().firstValue("content-type").orElse(""),
                    JSON.readTree(response.body())));
  }

  private static void assertProblem(Answer answer, int status, String code) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
    assertThat(answer.contentType()).startsWith("application/problem+json");
    assertThat(answer.body().path("status").asInt()).isEqualTo(status);
    assertThat(answer.body().path("code").asString()).isEqualTo(code);
    assertThat(answer.body().path("detail").asString()).isNotBlank();
    assertThat(answer.body().path("traceId").asString()).hasSize(32);
  }

  private static List<String> texts(JsonNode array, String field) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(element -> element.path(field).asString())
        .toList();
  }

  @Test
  void whatIsAwaitedOrStillToBeDoneIsShown() {
    var awaiting = newSaga();
    var completing = newSaga();
    deliver(start(awaiting, TOUR), start(completing, CRUISE));
    deliver(done(completing, SEATS, TRY), done(completing, ROOMS, TRY));
    deliver(done(completing, SEATS, CONFIRM), done(completing, ROOMS, CONFIRM));

    var awaits = get("/sagas/" + awaiting).body();
    var completes = get("/sagas/" + completing).body();

    assertThat(awaits.path("state").asString()).isEqualTo("AWAITING");
    assertThat(awaits.path("waitingFor").toString()).isEqualTo("[\"visa\"]");
    assertThat(completes.path("state").asString()).isEqualTo("COMPLETING");
    assertThat(completes.path("waitingFor").toString()).isEqualTo("[\"guides\"]");
    assertThat(texts(get("/sagas?state=AWAITING").body(), "id")).contains(awaiting.toString());
    assertThat(texts(get("/sagas?state=COMPLETING").body(), "id")).contains(completing.toString());
    deliver(cancel(awaiting));
  }

  @Test
  void aSagaIsShownWithEverythingThatHappenedToIt() {
    var saga = newSaga();
    var before = Instant.now().minusSeconds(1);
    deliver(start(saga, TRIP), done(saga, SEATS, TRY, 1, new Booked(300)));
    deliver(refused(saga, ROOMS, TRY, new Reason("SOLD_OUT", "sold out: Oslo")));

    var answer = get("/sagas/" + saga);

    assertThat(answer.status()).isEqualTo(200);
    var body = answer.body();
    assertThat(body.path("id").asString()).isEqualTo(saga.toString());
    assertThat(body.path("definition").asString()).isEqualTo("trip");
    assertThat(body.path("version").asInt()).isEqualTo(1);
    assertThat(body.path("state").asString()).isEqualTo("CANCELLING");
    assertThat(body.path("reason").path("code").asString()).isEqualTo("SOLD_OUT");
    assertThat(body.path("reason").path("detail").asString()).isEqualTo("sold out: Oslo");
    assertThat(body.path("waitingFor").toString()).isEqualTo("[\"seats\"]");
    assertThat(body.path("attempt").asInt()).isEqualTo(1);
    assertThat(body.path("input").path("to").asString()).isEqualTo("Oslo");
    assertThat(body.path("answers").path("seats").path("priceMinor").asInt()).isEqualTo(300);
    assertThat(Instant.parse(body.path("startedAt").asString())).isAfter(before);
    assertThat(Instant.parse(body.path("nextActionAt").asString())).isAfter(Instant.now());
    assertThat(body.path("endedAt").isNull()).isTrue();
    assertThat(body.path("attention").isNull()).isTrue();
    assertThat(texts(body.path("timeline"), "event"))
        .containsExactly(
            "started, asking seats and rooms to TRY",
            "seats TRY done",
            "rooms TRY refused: sold out: Oslo, asking seats to CANCEL");
    assertThat(texts(body.path("timeline"), "state"))
        .containsExactly("TRYING", "TRYING", "CANCELLING");
    assertThat(texts(body.path("timeline"), "at"))
        .allMatch(at -> Instant.parse(at).isAfter(before));
  }

  @Test
  void whileThePivotIsUnderWayItIsWhatTheSagaWaitsFor() {
    var saga = newSaga();
    deliver(
        start(saga, TRIP),
        done(saga, SEATS, TRY, 1, new Booked(300)),
        done(saga, ROOMS, TRY, 1, new Booked(300)),
        done(saga, CARDS, TRY));

    var body = get("/sagas/" + saga).body();

    assertThat(body.path("state").asString()).isEqualTo("PIVOTING");
    assertThat(body.path("waitingFor").toString()).isEqualTo("[\"cards\"]");
  }

  @Test
  void anEndedSagaWaitsForNothingAndOneThatNeedsAnOperatorSaysWhy() {
    var ended = newSaga();
    var stuck = newSaga();
    deliver(start(ended, HOP), done(ended, SEATS, TRY), done(ended, SEATS, CONFIRM));
    deliver(start(stuck, HOP), done(stuck, SEATS, TRY), conflict(stuck, SEATS, CONFIRM, 1));

    var endedBody = get("/sagas/" + ended).body();
    var stuckBody = get("/sagas/" + stuck).body();

    assertThat(endedBody.path("nextActionAt").isNull()).isTrue();
    assertThat(endedBody.path("endedAt").isNull()).isFalse();
    assertThat(endedBody.path("waitingFor").size()).isZero();
    assertThat(stuckBody.path("attention").asString()).contains("seats never tried");
  }

  @Test
  void sagasAreListedNewestFirstPageByPage() {
    var sagas = newSagas(7);
    deliver(sagas.stream().map(saga -> start(saga, HOP)).toList());
    var newestFirst =
        sagas.stream().map(SagaId::toString).sorted(Comparator.reverseOrder()).toList();

    var seen = new ArrayList<String>();
    var page = get("/sagas?limit=3").body();
    while (seen.size() < 7) {
      seen.addAll(texts(page, "id"));
      page = get("/sagas?limit=3&after=" + seen.getLast()).body();
    }

    assertThat(seen.subList(0, 7)).containsExactlyElementsOf(newestFirst);
    assertThat(get("/sagas?after=" + new UUID(0, 0)).body().size()).isZero();
  }

  @Test
  void aListShowsOnlyTheStateThatIsAskedFor() {
    var trying = newSaga();
    var confirming = newSaga();
    var confirmed = newSaga();
    deliver(
        start(trying, HOP),
        start(confirming, HOP),
        done(confirming, SEATS, TRY),
        start(confirmed, HOP),
        done(confirmed, SEATS, TRY),
        done(confirmed, SEATS, CONFIRM));

    for (var expected :
        List.of(
            List.of("TRYING", trying),
            List.of("CONFIRMING", confirming),
            List.of("CONFIRMED", confirmed))) {
      var list = get("/sagas?limit=500&state=" + expected.getFirst()).body();
      assertThat(texts(list, "id")).startsWith(expected.getLast().toString());
      assertThat(texts(list, "state")).containsOnly(expected.getFirst().toString());
    }
    assertThat(texts(get("/sagas?state=TRYING&limit=2&after=" + trying).body(), "id"))
        .doesNotContain(trying.toString());
    assertThat(texts(get("/sagas?limit=3").body(), "state"))
        .containsExactlyInAnyOrder("CONFIRMED", "CONFIRMING", "TRYING");
  }

  @ParameterizedTest
  @Tag("R-X4")
  @CsvSource({
    "/sagas?state=LOST, INVALID_FIELD, state",
    "/sagas?state=trying, INVALID_FIELD, state",
    "/sagas?limit=0, INVALID_FIELD, limit",
    "/sagas?limit=-1, INVALID_FIELD, limit",
    "/sagas?limit=501, INVALID_FIELD, limit",
    "/sagas?limit=99999999999, INVALID_FIELD, limit",
    "/sagas?limit=ten, INVALID_FIELD, limit",
    "/sagas?after=yesterday, INVALID_FIELD, after",
    "/sagas?status=TRYING, UNKNOWN_FIELD, status",
    "/sagas?state=TRYING&cursor=1, UNKNOWN_FIELD, cursor",
    "/sagas/nonsense, INVALID_FIELD, id",
    "/sagas/1, INVALID_FIELD, id",
  })
  void refusesWhatCannotBeAskedAndNamesTheField(String path, String code, String field) {
    var answer = get(path);

    assertProblem(answer, 400, code);
    assertThat(answer.body().path("field").asString()).isEqualTo(field);
    assertThat(answer.body().path("detail").asString()).contains(field);
  }

  @Test
  @Tag("R-X4")
  void anUnknownSagaAnotherPathAndAnotherMethodAreProblemsToo() {
    assertProblem(get("/sagas/" + newSaga()), 404, "UNKNOWN_SAGA");
    assertProblem(get("/sagas/" + UUID.randomUUID()), 404, "UNKNOWN_SAGA");
    assertProblem(get("/sagas/" + newSaga() + "?verbose=true"), 400, "UNKNOWN_FIELD");
    assertProblem(get("/sagas?=x"), 400, "MALFORMED_QUERY");
    assertProblem(get("/saga"), 404, "NOT_FOUND");
    assertProblem(send(request("/sagas").DELETE()).join(), 405, "METHOD_NOT_ALLOWED");
  }

  @Test
  @Tag("R-X4")
  void nothingThatAStrangerAsksIsAnInternalError() {
    var random = new Random(7);
    var names = List.of("state", "after", "limit", "x", "", "state[]", "limit.x");

    for (int i = 0; i < 300; i++) {
      var value =
          random
              .ints(random.nextInt(12), 0, 0x2ff)
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
      String encoded = URLEncoder.encode(value, StandardCharsets.UTF_8);
      String path =
          random.nextBoolean()
              ? "/sagas/" + encoded.replace("+", "%20")
              : "/sagas?"
                  + URLEncoder.encode(names.get(random.nextInt(7)), StandardCharsets.UTF_8)
                  + "="
                  + encoded;

      int status =
          HTTP.sendAsync(request(path).GET().build(), HttpResponse.BodyHandlers.ofString())
              .orTimeout(20, TimeUnit.SECONDS)
              .join()
              .statusCode();

      assertThat(status).as(path).isBetween(200, 499);
    }
  }

  @Test
  void parametersOfTheManagementEndpointsAreTheirOwn() {
    assertThat(get("/actuator/metrics/saga.timer.lateness?tag=unknown:1").status()).isEqualTo(404);
    assertThat(get("/actuator/health?verbose=true").status()).isEqualTo(200);
  }

  /** A reader that took a second one while it held the first would stop the whole pool. */
  @Test
  @Tag("F61")
  void aReaderNeedsOneConnectionOfThePoolAtATime() throws SQLException {
    var saga = newSaga();
    deliver(start(saga, HOP));
    var taken = new ArrayList<Connection>();

    Answer answer;
    try {
      while (taken.size() < poolSize - 1) {
        taken.add(dataSource.getConnection());
      }
      answer = get("/sagas/" + saga);
    } finally {
      for (var connection : taken) {
        connection.close();
      }
    }

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body().path("timeline").size()).isOne();
  }

  @Test
  @Tag("F57")
  void aSagaOfADefinitionThatIsGoneIsStillShown() {
    var saga = newSaga();
    deliver(start(saga, HOP), done(saga, SEATS, TRY), done(saga, SEATS, CONFIRM));
    jdbc.sql("update saga set definition_version = 99 where id = ?").param(saga.value()).update();

    assertThat(get("/sagas/" + saga).body().path("version").asInt()).isEqualTo(99);
    assertThat(texts(get("/sagas?limit=1").body(), "id")).containsExactly(saga.toString());
  }

  private static final String PLAN =
      """
      explain select * from saga
      where next_action_at is not null and state = ? and id < ?
      order by id desc
      limit ?
      """;

  @Test
  @Tag("R-M5")
  void openSagasAreFoundByTheirIndexHoweverManyHaveEnded() {
    var plan =
        jdbc.sql(PLAN)
            .params("TRYING", newSaga().value(), 50)
            .query((row, _) -> row.getString(1))
            .list();

    assertThat(plan).anyMatch(line -> line.contains("saga_open"));
  }
}
