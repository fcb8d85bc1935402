package io.holdfast.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.holdfast.e2e.HttpFile.Step;
import io.holdfast.quickstart.Service;
import io.holdfast.web.testing.ApiDocument;
import io.holdfast.web.testing.ApiDocument.Operation;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code docs/api.http} asks for nothing that there is not, and shows everything that can be done.
 */
class ApiHttpTest {

  static final Path FILE = Path.of("..", "docs", "api.http");

  /** Not for people: the provider's signed notification, and another delivery of one of them. */
  private static final Set<String> NOT_SHOWN =
      Set.of("POST /webhooks/stripe", "POST /sandbox/webhooks/{eventId}/deliveries");

  private static final Set<String> READS = Set.of("GET");

  private static List<Step> steps() {
    var file = HttpFile.of(FILE);
    return file.steps().stream()
        .map(step -> file.filled(step, Map.of(), _ -> "0197c2f0-8a3e-7b11-9d5e-2f6a8c4b1e70"))
        .toList();
  }

  private static ApiDocument documentOf(Step step) {
    int port = URI.create(step.url()).getPort();
    var service =
        Arrays.stream(Service.values())
            .filter(candidate -> candidate.defaultPort() == port)
            .findFirst()
            .orElseThrow();
    return ApiDocument.of(service.title());
  }

  private static Operation operationOf(Step step) {
    String path = URI.create(step.url()).getPath();
    return documentOf(step)
        .operation(step.method(), path)
        .orElseThrow(() -> new AssertionError("no document has " + step.method() + " " + path));
  }

  @ParameterizedTest
  @MethodSource("steps")
  void asksForWhatIsDocumentedAndExpectsWhatIsDocumented(Step step) {
    var operation = operationOf(step);

    assertThat(step.statuses()).as("a line '# -> status'").isNotEmpty();
    assertThat(step.statuses())
        .allSatisfy(
            status ->
                assertThat(operation.node().path("responses").has(Integer.toString(status)))
                    .as("%s answers %d", operation, status)
                    .isTrue());
    assertThat(parameterNames(operation)).containsAll(queryNames(step));
  }

  @ParameterizedTest
  @MethodSource("steps")
  void sendsOnlyFieldsThatAreKnown(Step step) {
    if (step.body() != null) {
      assertThat(
              documentOf(step)
                  .unknownFields(operationOf(step), JsonMapper.shared().readTree(step.body())))
          .isEmpty();
      assertThat(step.headers()).containsEntry("Content-Type", "application/json");
    }
  }

  @Test
  void everythingThatCanBeDoneIsShown() {
    var shown = new HashSet<String>();
    steps().forEach(step -> shown.add(operationOf(step).toString()));

    var can =
        Stream.of(Service.values())
            .flatMap(service -> ApiDocument.of(service.title()).operations().stream())
            .filter(operation -> !READS.contains(operation.method()))
            .map(Operation::toString)
            .filter(operation -> !NOT_SHOWN.contains(operation));

    assertThat(shown).containsAll(can.toList());
  }

  private static List<String> queryNames(Step step) {
    String query = URI.create(step.url()).getQuery();
    return query == null
        ? List.of()
        : Arrays.stream(query.split("&", -1)).map(part -> part.split("=", 2)[0]).toList();
  }

  private static List<String> parameterNames(Operation operation) {
    return operation
        .node()
        .path("parameters")
        .valueStream()
        .map(parameter -> parameter.path("name").asString())
        .toList();
  }
}
