package io.holdfast.web.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.SoftAssertions.assertSoftly;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.swagger.v3.parser.OpenAPIV3Parser;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.springframework.context.ApplicationContext;
import tools.jackson.databind.JsonNode;

/**
 * A running service's HTTP API and what {@code docs/openapi} says of it.
 *
 * <p>The document is made of the code, and completed by {@code openapi-notes.json} among the
 * service's test resources, which has what no code says in one place: which problems an operation
 * can end in, and examples.
 */
public final class ServiceApi {

  static final String WRITE = "holdfast.docs.write";

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Path SOURCES = Path.of("src/main/java");

  /** Codes of the platform. */
  private static final Set<String> SHARED =
      Set.of(
          "BAD_REQUEST",
          "INTERNAL_ERROR",
          "INVALID_FIELD",
          "MALFORMED_JSON",
          "MALFORMED_QUERY",
          "NOT_ACCEPTABLE",
          "TOO_LARGE",
          "UNAVAILABLE",
          "UNKNOWN_FIELD",
          "UNSUPPORTED_MEDIA_TYPE");

  private static final String CONTRACTS = "platform/contracts/src/main/java";
  private static final Pattern VERSION =
      Pattern.compile("<artifactId>holdfast</artifactId>\\s*<version>([^<]+)</version>");

  private final ApplicationContext context;
  private final String service;
  private final int port;

  private ServiceApi(ApplicationContext context, String service, int port) {
    this.context = context;
    this.service = service;
    this.port = port;
  }

  /**
   * @param context of the service, which listens at the port that its environment says
   */
  public static ServiceApi of(ApplicationContext context) {
    var environment = context.getEnvironment();
    return new ServiceApi(
        context,
        environment.getRequiredProperty("spring.application.name"),
        environment.getRequiredProperty("local.server.port", Integer.class));
  }

  public int port() {
    return port;
  }

  /** The document that is checked in. */
  public ApiDocument document() {
    return ApiDocument.of(service);
  }

  /**
   * Fails unless the document that is checked in is the one that the code makes, is valid OpenAPI
   * 3.1 with valid examples, and names no code that the sources do not have. With the system
   * property {@code holdfast.docs.write} it is written first.
   */
  public void assertDocumented() {
    var notes = read("/openapi-notes.json");
    var maker =
        new DocumentMaker(
            ApiDocument.JSON.readTree(get("/v3/api-docs")),
            Handlers.of(context),
            Javadocs.of(List.of(SOURCES, ApiDocument.root().resolve(CONTRACTS))),
            texts(),
            notes,
            read("/io/holdfast/web/testing/common.json"));
    JsonNode made = maker.document(projectVersion());
    String text = ApiDocument.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(made) + "\n";
    var file = ApiDocument.file(service);
    if (Boolean.getBoolean(WRITE)) {
      write(file, text);
    }
    assertSoftly(
        all -> {
          all.assertThat(maker.faults()).as("openapi-notes.json of %s", service).isEmpty();
          all.assertThat(new OpenAPIV3Parser().readContents(text).getMessages()).isEmpty();
          all.assertThat(faultyExamples(made)).as("examples against their schemas").isEmpty();
          all.assertThat(strangeCodes(made)).as("codes that no source has").isEmpty();
          all.assertThat(file)
              .as("write it anew with -D%s=true", WRITE)
              .exists()
              .content()
              .isEqualTo(text);
        });
  }

  /** Fails unless the service answers with the document that is checked in. */
  public void assertServed() {
    assertThat(ApiDocument.JSON.readTree(get("/openapi.json"))).isEqualTo(document().json());
  }

  private String get(String path) {
    var answer =
        RawHttp.send(
            port, RawHttp.Request.of("GET", path).with("Accept", "application/json"), LIMIT);
    assertThat(answer.status()).as("GET %s: %s", path, answer.body()).isEqualTo(200);
    return answer.body();
  }

  private static JsonNode read(String resource) {
    try (InputStream input = ServiceApi.class.getResourceAsStream(resource)) {
      return ApiDocument.JSON.readTree(
          Objects.requireNonNull(input, () -> "there is no " + resource + " on the class path"));
    } catch (IOException e) {
      throw new UncheckedIOException(resource + " cannot be read", e);
    }
  }

  /** The catalogue of problems, which the service has on its class path. */
  private static Properties texts() {
    var texts = new Properties();
    try (var input = ServiceApi.class.getResourceAsStream("/io/holdfast/web/problems.properties")) {
      texts.load(
          new InputStreamReader(
              Objects.requireNonNull(input, "there is no catalogue of problems"),
              StandardCharsets.UTF_8));
      return texts;
    } catch (IOException e) {
      throw new UncheckedIOException("the catalogue of problems cannot be read", e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be written", e);
    }
  }

  private static String projectVersion() {
    try {
      var matcher = VERSION.matcher(Files.readString(ApiDocument.root().resolve("pom.xml")));
      if (!matcher.find()) {
        throw new IllegalStateException("the root pom.xml has no version");
      }
      return matcher.group(1);
    } catch (IOException e) {
      throw new UncheckedIOException("the root pom.xml cannot be read", e);
    }
  }

  private static List<String> faultyExamples(JsonNode document) {
    var faults = new ArrayList<String>();
    var schemas = new Schemas(document);
    for (var operation : ApiDocument.of(document).operations()) {
      for (var media : mediaOf(operation)) {
        schemas
            .faults(media.path("schema"), media.path("example"))
            .forEach(fault -> faults.add(operation + ": " + fault));
      }
      for (var parameter : operation.node().path("parameters")) {
        if (parameter.has("example")) {
          schemas
              .faults(parameter.path("schema"), parameter.path("example"))
              .forEach(fault -> faults.add(operation + ": " + fault));
        }
      }
    }
    return faults;
  }

  /** What has one example: bodies, and answers that are no problems. */
  private static List<JsonNode> mediaOf(ApiDocument.Operation operation) {
    var found = new ArrayList<JsonNode>();
    operation.node().path("requestBody").path("content").forEach(found::add);
    for (var response : operation.node().path("responses")) {
      response.path("content").forEach(found::add);
    }
    found.removeIf(media -> !media.has("example"));
    return found;
  }

  private static List<String> strangeCodes(JsonNode document) {
    var sources = sources(SOURCES);
    var codes = new ArrayList<String>();
    for (var operation : ApiDocument.of(document).operations()) {
      for (var response : operation.node().path("responses")) {
        response.path("x-problem-codes").forEach(code -> codes.add(code.asString()));
      }
    }
    return codes.stream()
        .distinct()
        .filter(code -> !sources.contains(code) && !SHARED.contains(code))
        .toList();
  }

  private static String sources(Path folder) {
    try (var files = Files.walk(folder)) {
      var text = new StringBuilder();
      for (var file : files.filter(Files::isRegularFile).toList()) {
        text.append(Files.readString(file, StandardCharsets.UTF_8));
      }
      return text.toString();
    } catch (IOException e) {
      throw new UncheckedIOException("the sources in " + folder + " cannot be read", e);
    }
  }

  /** The schemas of one document; used by many threads at once. */
  static final class Schemas {

    private final SchemaRegistry registry =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private final JsonNode document;
    private final Map<JsonNode, Schema> known = new ConcurrentHashMap<>();

    Schemas(JsonNode document) {
      this.document = document;
    }

    /** What is wrong with {@code value}, by a schema of the document. */
    List<String> faults(JsonNode schema, JsonNode value) {
      return known.computeIfAbsent(schema, this::compiled).validate(value).stream()
          .map(error -> error.getInstanceLocation() + " " + error.getMessage())
          .toList();
    }

    private Schema compiled(JsonNode schema) {
      var whole = schema.deepCopy().asObject();
      whole.set("components", document.path("components"));
      return registry.getSchema(whole);
    }
  }
}
