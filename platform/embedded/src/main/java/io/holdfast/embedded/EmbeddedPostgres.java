package io.holdfast.embedded;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server of its own on 127.0.0.1, as durable as a production one (fsync, synchronous
 * commit and full page writes are on), whose data stay in a folder between runs.
 *
 * <p>The folder holds the cluster, the server's log {@code postgres.log} and the superuser's
 * password. A server that an earlier, killed process left running on the folder is stopped first.
 * Stop whatever reads a replication slot before the server: a fast stop waits for it.
 */
public final class EmbeddedPostgres implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);

  private static final String SERVER = "PostgreSQL";
  private static final String SUPERUSER = "postgres";
  private static final Duration INIT_LIMIT = Duration.ofMinutes(2);
  // Crash recovery of everything since the last checkpoint comes before "ready".
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(60);
  private static final Duration DEATH_LIMIT = Duration.ofSeconds(15);
  private static final int START_ATTEMPTS = 20;
  private static final int MAX_LOG_BYTES = 10_000_000;

  private static final Map<String, String> DEFAULTS =
      Map.ofEntries(
          Map.entry("listen_addresses", "127.0.0.1"),
          Map.entry("unix_socket_directories", ""),
          Map.entry("fsync", "on"),
          Map.entry("synchronous_commit", "on"),
          Map.entry("full_page_writes", "on"),
          Map.entry("wal_level", "logical"),
          Map.entry("max_connections", "300"),
          Map.entry("shared_buffers", "128MB"),
          Map.entry("huge_pages", "off"),
          Map.entry("max_replication_slots", "20"),
          Map.entry("max_wal_senders", "20"),
          // A reader that vanished frees its slot after this, so that another can take over.
          Map.entry("wal_sender_timeout", "10s"),
          // What a dead relay may keep on a developer's disk. Past it the slot is lost, which the
          // relay answers by publishing the retained outbox rows again.
          Map.entry("max_slot_wal_keep_size", "4GB"),
          Map.entry("idle_replication_slot_timeout", "0"),
          Map.entry("checkpoint_timeout", "1min"),
          Map.entry("timezone", "UTC"),
          Map.entry("log_timezone", "UTC"),
          Map.entry("lc_messages", "C"),
          Map.entry("log_checkpoints", "off"),
          Map.entry("log_line_prefix", "%m [%p] %u@%d "),
          Map.entry("jit", "off"));

  private final DataFolder folder;
  private final PostgresCommand command;
  private final EmbeddedPostgresSettings settings;
  private final Path cluster;
  private final Path log;
  private final String superuserPassword;
  private int port;
  private boolean stopped;

  private EmbeddedPostgres(
      DataFolder folder, PostgresCommand command, EmbeddedPostgresSettings settings) {
    this.folder = folder;
    this.command = command;
    this.settings = settings;
    this.cluster = folder.resolve("cluster");
    this.log = folder.resolve("postgres.log");
    try {
      this.superuserPassword = initialize();
    } catch (IOException e) {
      throw StartupFailure.of(e, folder.path());
    }
  }

  /**
   * Starts the server and returns when it accepts connections.
   *
   * @throws StartupFailure if it cannot start; nothing is left running then
   */
  public static EmbeddedPostgres start(EmbeddedPostgresSettings settings) {
    DataFolder folder = DataFolder.open(settings.dataDirectory());
    boolean started = false;
    try {
      PostgresCommand command = new PostgresCommand(PostgresBinaries.unpacked());
      EmbeddedPostgres postgres = new EmbeddedPostgres(folder, command, settings);
      postgres.launch();
      started = true;
      return postgres;
    } finally {
      if (!started) {
        folder.close();
      }
    }
  }

  /** The port on 127.0.0.1; the same after every {@link #restart}. */
  public synchronized int port() {
    return port;
  }

  /** The URL of a database of this server, without user and password. */
  public String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port(), database);
  }

  /** The superuser's name. */
  public String superuser() {
    return SUPERUSER;
  }

  /** The superuser's password: random, made with the cluster and kept beside it. */
  public String superuserPassword() {
    return superuserPassword;
  }

  /**
   * Stops the server after its open transactions are rolled back and its log is safe, within 60 s,
   * by force after that; then gives the folder back. Does nothing the second time.
   */
  public synchronized void stop() {
    if (stopped) {
      return;
    }
    halt();
    stopped = true;
    folder.close();
  }

  /** {@link #stop} by another name. */
  @Override
  public void close() {
    stop();
  }

  /** Kills the server with SIGKILL, as a crash would; {@link #restart} recovers it. */
  public synchronized void kill() {
    postmaster().ifPresent(EmbeddedPostgres::killTree);
  }

  /**
   * Stops the server if it runs, and starts it on the same port and data.
   *
   * @throws StartupFailure if it cannot start again
   */
  public synchronized void restart() {
    if (stopped) {
      throw new IllegalStateException("Stopped for good: start a new one on " + folder.path());
    }
    halt();
    launch();
  }

  // Whole or not at all: made under another name, so that a first start that was interrupted
  // leaves nothing that a second one would take for a cluster.
  private String initialize() throws IOException {
    Path passwordFile = folder.resolve("superuser.password");
    if (Files.exists(cluster)) {
      if (!Files.exists(passwordFile)) {
        throw StartupFailure.brokenFolder(
            SERVER, folder.path(), passwordFile.getFileName() + " is missing", null);
      }
      return Files.readString(passwordFile).strip();
    }
    byte[] random = new byte[18];
    new SecureRandom().nextBytes(random);
    String password = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    Files.deleteIfExists(passwordFile);
    if (PostgresBinaries.isPosix(passwordFile)) {
      Files.createFile(
          passwordFile,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    Files.writeString(passwordFile, password + "\n");

    Path fresh = folder.resolve("cluster.new");
    DataFolder.deleteTree(fresh);
    PostgresCommand.Result result =
        command.run(
            INIT_LIMIT,
            "initdb",
            "--pgdata=" + fresh,
            "--username=" + SUPERUSER,
            "--pwfile=" + passwordFile,
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-instructions");
    if (!result.ok()) {
      throw diagnose(result.output());
    }
    Files.writeString(
        fresh.resolve("postgresql.conf"), "\ninclude 'holdfast.conf'\n", StandardOpenOption.APPEND);
    Files.move(fresh, cluster);
    return password;
  }

  private void launch() {
    stopLeftOver();
    boolean choosePort = port == 0 && settings.port() == 0;
    if (port == 0) {
      port = Ports.claim(settings.port(), SERVER, EmbeddedPostgresSettings.PORT_PROPERTY);
    }
    for (int attempt = 1; ; attempt++) {
      String said = tryToLaunch();
      if (said.isEmpty()) {
        return;
      }
      // Children of a killed server need a moment to notice, and hold its shared memory until then.
      boolean childrenLeft = said.contains("pre-existing shared memory block");
      boolean portLost = choosePort && said.contains("Address already in use");
      if (attempt == START_ATTEMPTS || !(childrenLeft || portLost)) {
        throw diagnose(said);
      }
      if (portLost) {
        port = Ports.claim(0, SERVER, EmbeddedPostgresSettings.PORT_PROPERTY);
      } else {
        pause(Duration.ofMillis(500));
      }
    }
  }

  /** What the server and pg_ctl said when the start failed; empty when it runs. */
  private String tryToLaunch() {
    try {
      writeConfiguration();
      if (Files.exists(log) && Files.size(log) > MAX_LOG_BYTES) {
        Files.move(log, folder.resolve("postgres.log.1"), StandardCopyOption.REPLACE_EXISTING);
      }
      long logBefore = Files.exists(log) ? Files.size(log) : 0;
      PostgresCommand.Result result =
          command.run(
              START_LIMIT.plusSeconds(10),
              "pg_ctl",
              "start",
              "-w",
              "-s",
              "-t",
              String.valueOf(START_LIMIT.toSeconds()),
              "-D",
              cluster.toString(),
              "-l",
              log.toString());
      if (result.ok()) {
        return "";
      }
      String said = logSince(logBefore) + result.output();
      halt(); // slower than the limit is a failure too, and must leave nothing behind
      return said.isBlank() ? "no message" : said;
    } catch (IOException e) {
      throw StartupFailure.of(e, folder.path());
    }
  }

  private void writeConfiguration() throws IOException {
    Map<String, String> all = new LinkedHashMap<>(DEFAULTS);
    all.putAll(settings.serverSettings());
    all.put("port", String.valueOf(port));
    StringBuilder text =
        new StringBuilder("# Written at each start; postgresql.conf includes it last.\n");
    all.forEach(
        (name, value) ->
            text.append(name).append(" = '").append(value.replace("'", "''")).append("'\n"));
    Files.writeString(cluster.resolve("holdfast.conf"), text);
  }

  private String logSince(long position) throws IOException {
    if (!Files.exists(log)) {
      return "";
    }
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      byte[] bytes = new byte[(int) Math.min(100_000, Math.max(0, file.length() - position))];
      file.seek(file.length() - bytes.length);
      file.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  // A killed JVM leaves its server behind, with its port and its old settings.
  private void stopLeftOver() {
    if (postmaster().isPresent()) {
      LOG.info("Stopping the PostgreSQL that an earlier run left behind on {}", cluster);
      halt();
      return;
    }
    try {
      // Its process number may belong to another program by now, which PostgreSQL would respect.
      Files.deleteIfExists(cluster.resolve("postmaster.pid"));
    } catch (IOException e) {
      throw StartupFailure.of(e, folder.path());
    }
  }

  private void halt() {
    Optional<ProcessHandle> running = postmaster();
    if (running.isEmpty()) {
      return;
    }
    PostgresCommand.Result fast = pgCtlStop("fast", STOP_LIMIT);
    if (fast.ok()) {
      awaitDeath(running.get()); // pg_ctl returns a moment before the process is gone
      return;
    }
    LOG.warn("PostgreSQL did not stop within {} s: killing it", STOP_LIMIT.toSeconds());
    if (!pgCtlStop("immediate", DEATH_LIMIT).ok()) {
      killTree(running.get());
    }
  }

  private PostgresCommand.Result pgCtlStop(String mode, Duration limit) {
    return command.run(
        limit.plusSeconds(10),
        "pg_ctl",
        "stop",
        "-w",
        "-s",
        "-m",
        mode,
        "-t",
        String.valueOf(limit.toSeconds()),
        "-D",
        cluster.toString());
  }

  /** The server that runs on this cluster, if one does. */
  private Optional<ProcessHandle> postmaster() {
    Path pidFile = cluster.resolve("postmaster.pid");
    try {
      if (!Files.exists(pidFile)) {
        return Optional.empty();
      }
      List<String> lines = Files.readAllLines(pidFile);
      String pid = lines.isEmpty() ? "" : lines.getFirst().strip();
      if (!pid.matches("[0-9]{1,18}")) {
        return Optional.empty();
      }
      return ProcessHandle.of(Long.parseLong(pid)).filter(this::runsThisCluster);
    } catch (IOException e) {
      throw StartupFailure.of(e, folder.path());
    }
  }

  private boolean runsThisCluster(ProcessHandle process) {
    ProcessHandle.Info info = process.info();
    boolean postgres =
        info.command()
            .map(path -> Path.of(path).getFileName().toString().startsWith("postgres"))
            .orElse(false);
    boolean here =
        info.arguments()
            .map(arguments -> List.of(arguments).contains(cluster.toString()))
            .orElse(true);
    return process.isAlive() && postgres && here;
  }

  private static void killTree(ProcessHandle postmaster) {
    List<ProcessHandle> children = postmaster.children().toList();
    postmaster.destroyForcibly();
    awaitDeath(postmaster);
    for (ProcessHandle child : children) {
      if (!awaitDeath(child)) {
        child.destroyForcibly();
        awaitDeath(child);
      }
    }
  }

  private static boolean awaitDeath(ProcessHandle process) {
    long end = System.nanoTime() + DEATH_LIMIT.toNanos();
    while (runs(process)) {
      if (System.nanoTime() - end > 0) {
        return false;
      }
      pause(Duration.ofMillis(10));
    }
    return true;
  }

  // A dead process that nobody collects (a container's first process may not) is "alive" to Java,
  // but has no program any more.
  static boolean runs(ProcessHandle process) {
    return process.isAlive() && process.info().command().isPresent();
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartupFailure("The start of PostgreSQL was interrupted: start again.", e);
    }
  }

  private StartupFailure diagnose(String said) {
    return PostgresDiagnosis.of(said, folder.path(), log, port);
  }
}
