package io.holdfast.web.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.holdfast.web.testing.Fuzz.Report;
import java.io.IOException;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** The harness sees what it is there for. */
@Tag("R-X4")
class FuzzTest {

  private static final String DOCUMENT =
      """
      {"paths": {"/things/{id}": {"put": {
        "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}, "example": "a"}],
        "requestBody": {"content": {"application/json": {
          "schema": {"$ref": "#/components/schemas/Thing"}, "example": {"name": "lamp"}}}},
        "responses": {
          "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}},
          "400": {"x-problem-codes": ["INVALID_FIELD"]}}}}},
       "components": {"schemas": {"Thing": {"type": "object", "required": ["name"], "additionalProperties": false,
         "properties": {"name": {"type": "string"}}}}}}
      """;

  private static final String RIGHT =
      problem("400 x", "{'status':400,'detail':'no','code':'INVALID_FIELD','traceId':'TRACE'}");

  private static final ApiDocument THINGS = ApiDocument.of(JsonMapper.shared().readTree(DOCUMENT));

  private static String problem(String status, String body) {
    return answer(
        status,
        "application/problem+json",
        body.replace('\'', '"').replace("TRACE", "0af7651916cd43dd8448eb211c80319c"));
  }

  private static String answer(String status, String type, String body) {
    return "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(status, type, body.length(), body);
  }

  private static Report reportOf(UnaryOperator<String> server) throws IOException {
    try (var tiny = new TinyServer(server)) {
      return Fuzz.of(tiny.port(), THINGS).everyOddity();
    }
  }

  /** Answers with {@code other} where the JSON has a zero character. */
  private static UnaryOperator<String> rightBut(String other) {
    return request -> request.contains("a\\u0000b") ? other : RIGHT;
  }

  @Test
  void findsNothingWhereEverythingIsRefusedAsItShouldBe() throws IOException {
    var report = reportOf(_ -> RIGHT);

    assertThat(report.assertNoFailures().requests()).isGreaterThan(200);
  }

  @Test
  void findsTheOneInputThatEndsInAnInternalError() throws IOException {
    var report =
        reportOf(
            rightBut(
                problem(
                    "500 x",
                    "{'status':500,'detail':'no','code':'INTERNAL_ERROR','traceId':'TRACE'}")));

    assertThat(report.failures())
        .isNotEmpty()
        .allSatisfy(failure -> assertThat(failure).contains("a\\u0000b"))
        .anySatisfy(failure -> assertThat(failure).contains("neither a success nor a refusal"));
    assertThatThrownBy(report::assertNoFailures).hasMessageContaining("answered 500");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<h1>Bad Request</h1>",
        "{'status':400,'detail':'no','traceId':'TRACE'}",
        "{'status':400,'detail':'no','code':'INVALID_FIELD'}",
        "{'status':400,'code':'INVALID_FIELD','traceId':'TRACE'}",
        "{'status':404,'detail':'no','code':'INVALID_FIELD','traceId':'TRACE'}",
        "{'status':400,'detail':'no','code':'INTERN','traceId':'TRACE'}"
      })
  void findsARefusalThatIsNotTheProblemOfTheDocument(String body) throws IOException {
    assertThat(reportOf(rightBut(problem("400 x", body))).failures()).isNotEmpty();
  }

  @Test
  void findsARefusalThatIsAPage() throws IOException {
    var report = reportOf(rightBut(answer("400 x", "text/html", "no")));

    assertThat(report.failures())
        .isNotEmpty()
        .allSatisfy(failure -> assertThat(failure).contains("not 'text/html'"));
  }

  @Test
  void findsASuccessThatIsNotAsTheDocumentSays() throws IOException {
    assertThat(reportOf(rightBut(answer("200 x", "application/json", "{\"name\":7}"))).failures())
        .anySatisfy(failure -> assertThat(failure).contains("not as the document says"));
    assertThat(reportOf(rightBut(answer("201 x", "application/json", "{}"))).failures())
        .anySatisfy(failure -> assertThat(failure).contains("does not have the status 201"));
  }

  @Test
  void findsAnUnknownFieldThatWasTaken() throws IOException {
    var report =
        reportOf(
            request ->
                request.contains("\"colour\"")
                    ? answer("200 x", "application/json", "{\"name\":\"lamp\"}")
                    : RIGHT);

    assertThat(report.failures())
        .anySatisfy(failure -> assertThat(failure).contains("it is wrong and was taken"));
  }

  @Test
  void findsAServerThatSaysNothing() throws IOException {
    try (var tiny = new TinyServer(_ -> "")) {
      var report = Fuzz.of(tiny.port(), THINGS).mixtures(1, 5);

      assertThat(report.failures()).hasSize(5);
    }
    try (var tiny =
        new TinyServer(
            _ -> {
              synchronized (THINGS) {
                try {
                  THINGS.wait(2_000);
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              }
              return RIGHT;
            })) {
      var report = Fuzz.of(tiny.port(), THINGS).within(Duration.ofMillis(50)).mixtures(1, 2);

      assertThat(report.failures())
          .hasSize(2)
          .allSatisfy(failure -> assertThat(failure).contains("no answer within"));
    }
  }

  @Test
  void asksTheSameWithTheSameSeed() throws IOException {
    try (var one = new TinyServer(_ -> RIGHT);
        var other = new TinyServer(_ -> RIGHT);
        var different = new TinyServer(_ -> RIGHT)) {
      Fuzz.of(one.port(), THINGS).mixtures(42, 200).assertNoFailures();
      Fuzz.of(other.port(), THINGS).mixtures(42, 200).assertNoFailures();
      Fuzz.of(different.port(), THINGS).mixtures(43, 200).assertNoFailures();

      assertThat(other.requests()).containsExactlyInAnyOrderElementsOf(one.requests());
      assertThat(different.requests().stream().sorted())
          .isNotEqualTo(one.requests().stream().sorted().toList());
    }
  }
}
