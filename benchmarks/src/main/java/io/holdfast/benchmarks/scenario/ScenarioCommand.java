package io.holdfast.benchmarks.scenario;

import io.holdfast.benchmarks.OneJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** {@code ./holdfast scenario}. */
public final class ScenarioCommand {

  private static final int BROKEN = 1;
  private static final int WRONG_OPTION = 2;
  private static final List<String> JVM_FLAGS =
      List.of("-Xms768m", "-Xmx768m", "-XX:+UseParallelGC", "-XX:MetaspaceSize=256m");

  private ScenarioCommand() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Locale.setDefault(Locale.ROOT); // numbers in tables look the same everywhere
    if (List.of(arguments).contains("--help")) {
      System.out.print(ScenarioSettings.USAGE);
      return;
    }
    ScenarioSettings settings;
    try {
      settings = ScenarioSettings.of(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println("holdfast scenario: " + e.getMessage());
      System.exit(WRONG_OPTION);
      return;
    }
    try {
      var verdict = settings.running() ? atTheRunning(settings) : atItsOwn(settings);
      System.out.print(verdict.table());
      if (settings.json()) {
        System.out.println(verdict.json());
      }
      System.exit(verdict.isGood() ? 0 : BROKEN);
    } catch (IllegalStateException | IOException e) {
      System.err.println(
          "holdfast scenario: "
              + e.getMessage()
              + (settings.running()
                  ? ". Is it there? Start it in another terminal: ./holdfast run"
                  : ""));
      System.exit(BROKEN);
    }
  }

  private static Verdict atTheRunning(ScenarioSettings settings) throws InterruptedException {
    return new ScenarioRun(new Target(settings.ports(), null), settings, ScenarioCommand::say)
        .run();
  }

  private static Verdict atItsOwn(ScenarioSettings settings)
      throws IOException, InterruptedException {
    Path data = settings.data();
    boolean temporary = data == null;
    if (data == null) {
      data = Files.createTempDirectory("holdfast-scenario");
    }
    say("starting PostgreSQL, Kafka and the five services");
    try (var system = OneJvm.start(data, JVM_FLAGS, settings.serviceArguments())) {
      var target = Target.of(system.address(), system.servers().superuserClient());
      return new ScenarioRun(target, settings, ScenarioCommand::say).run();
    } finally {
      if (temporary) {
        delete(data);
      }
    }
  }

  private static void say(String text) {
    System.err.println(text);
  }

  private static void delete(Path folder) throws IOException {
    try (var paths = Files.walk(folder)) {
      for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
