package io.holdfast.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.jspecify.annotations.Nullable;

/** PostgreSQL's programs, unpacked once per version from the jar that Maven chose. */
final class PostgresBinaries {

  private static final Pattern JAR_NAME = Pattern.compile("([^/\\\\]+)\\.jar!/[^!]*$");

  private PostgresBinaries() {}

  /**
   * The folder with {@code bin}, {@code lib} and {@code share}.
   *
   * @throws StartupFailure if this system has no binaries, or they cannot be unpacked
   */
  static Path unpacked() {
    return unpacked(cache());
  }

  static Path unpacked(Path cache) {
    URL archive = PostgresBinaries.class.getResource("/" + archiveName());
    if (archive == null) {
      throw new StartupFailure(
          "There is no embedded PostgreSQL for this system (%s, %s): build on it with Maven first, or use docker-compose.yml."
              .formatted(System.getProperty("os.name"), System.getProperty("os.arch")),
          null);
    }
    Matcher jar = JAR_NAME.matcher(archive.toString());
    Path home = cache.resolve(jar.find() ? jar.group(1) : archiveName());
    try {
      if (!Files.exists(home.resolve("bin"))) {
        unpack(archive, home);
      }
      return home;
    } catch (IOException e) {
      throw StartupFailure.of(e, cache);
    }
  }

  /** Whole or not at all: unpacked beside its place, then renamed. */
  private static void unpack(URL archive, Path home) throws IOException {
    Path parent = Files.createDirectories(home.toAbsolutePath().getParent());
    Path partial = Files.createTempDirectory(parent, "unpacking-");
    try {
      try (InputStream in = archive.openStream();
          TarArchiveInputStream tar =
              new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(in)))) {
        for (TarArchiveEntry entry = tar.getNextEntry();
            entry != null;
            entry = tar.getNextEntry()) {
          unpack(entry, tar, partial);
        }
      }
      DataFolder.deleteTree(home);
      Files.move(partial, home);
    } catch (IOException e) {
      if (!Files.exists(home.resolve("bin"))) { // else another process was faster, with the same
        throw e;
      }
    } finally {
      DataFolder.deleteTree(partial);
    }
  }

  private static void unpack(TarArchiveEntry entry, InputStream content, Path root)
      throws IOException {
    Path target = root.resolve(entry.getName()).normalize();
    if (!target.startsWith(root)) {
      throw new IOException("Entry outside the archive: " + entry.getName());
    }
    if (entry.isDirectory()) {
      Files.createDirectories(target);
      return;
    }
    Files.createDirectories(target.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
      return;
    }
    Files.copy(content, target);
    if ((entry.getMode() & 0100) != 0 && isPosix(target)) {
      Files.setPosixFilePermissions(
          target,
          Set.of(
              PosixFilePermission.OWNER_READ,
              PosixFilePermission.OWNER_WRITE,
              PosixFilePermission.OWNER_EXECUTE,
              PosixFilePermission.GROUP_READ,
              PosixFilePermission.GROUP_EXECUTE,
              PosixFilePermission.OTHERS_READ,
              PosixFilePermission.OTHERS_EXECUTE));
    }
  }

  static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static String archiveName() {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    String system = os.contains("win") ? "windows" : os.contains("mac") ? "darwin" : "linux";
    boolean arm = List.of("aarch64", "arm64").contains(arch) && !system.equals("windows");
    return "postgres-%s-%s.txz".formatted(system, arm ? "arm_64" : "x86_64");
  }

  /** Shared by every checkout of this user; as safe to delete as any cache. */
  private static Path cache() {
    String chosen = firstNonBlank(System.getProperty("holdfast.cache"));
    if (chosen != null) {
      return Path.of(chosen);
    }
    String cacheHome = firstNonBlank(System.getenv("XDG_CACHE_HOME"));
    return (cacheHome != null
            ? Path.of(cacheHome)
            : Path.of(System.getProperty("user.home"), ".cache"))
        .resolve("holdfast");
  }

  private static @Nullable String firstNonBlank(@Nullable String value) {
    return value == null || value.isBlank() ? null : value;
  }
}
