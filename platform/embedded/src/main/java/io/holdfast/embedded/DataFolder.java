package io.holdfast.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A folder that one running server owns: created if missing, writable, on a disk with room, and
 * locked until closed. The operating system drops the lock of a process that dies.
 */
final class DataFolder implements AutoCloseable {

  /** Enough for a new database cluster, its first WAL files and the broker's. */
  static final long REQUIRED_BYTES = 300_000_000;

  // A second channel on a lock file drops this process' lock when it is closed (POSIX), so a folder
  // that this process holds already must be refused before the file is touched.
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel channel;

  private DataFolder(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * @throws StartupFailure if the folder cannot be made, written or locked, or its disk is full
   */
  static DataFolder open(Path directory) {
    return open(directory, REQUIRED_BYTES);
  }

  static DataFolder open(Path directory, long requiredBytes) {
    Path path = directory.toAbsolutePath().normalize();
    try {
      Files.createDirectories(path);
      path = path.toRealPath();
      if (Files.getFileStore(path).getUsableSpace() < requiredBytes) {
        throw StartupFailure.diskFull(path, null);
      }
    } catch (IOException e) {
      throw StartupFailure.of(e, path);
    }
    if (!HELD.add(path)) {
      throw StartupFailure.secondInstance(path, "");
    }
    DataFolder folder = null;
    try {
      folder = lock(path);
      return folder;
    } catch (IOException e) {
      throw StartupFailure.of(e, path);
    } finally {
      if (folder == null) {
        HELD.remove(path);
      }
    }
  }

  private static DataFolder lock(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(
            path.resolve("in-use.lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock(Long.MAX_VALUE - 1, 1, false);
      if (lock == null) {
        throw StartupFailure.secondInstance(path, owner(channel));
      }
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap(
              String.valueOf(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)),
          0);
      return new DataFolder(path, channel);
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
  }

  private static String owner(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(20);
    channel.read(text, 0);
    String pid = StandardCharsets.US_ASCII.decode(text.flip()).toString().strip();
    return pid.isEmpty() ? "" : " (process " + pid + ")";
  }

  Path path() {
    return path;
  }

  Path resolve(String name) {
    return path.resolve(name);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new IllegalStateException("The lock on " + path + " could not be given back", e);
    } finally {
      HELD.remove(path);
    }
  }

  static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
