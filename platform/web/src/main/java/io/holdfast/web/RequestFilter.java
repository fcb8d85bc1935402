package io.holdfast.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import org.jspecify.annotations.Nullable;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Begins the trace of a request, ends the reading of a body that is too large, and lets a JSON
 * answer leave in one piece.
 */
final class RequestFilter extends OncePerRequestFilter {

  static final long MAX_BODY_BYTES = 64 * 1024;

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    RequestTrace.of(request);
    chain.doFilter(new LimitedRequest(request), new WholeAnswer(response));
  }

  private static final class LimitedRequest extends HttpServletRequestWrapper {

    LimitedRequest(HttpServletRequest request) {
      super(request);
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
      return new LimitedInput(super.getInputStream());
    }

    /** A charset that is none is said to be missing: Spring fails on it before it can refuse. */
    @Override
    public @Nullable String getCharacterEncoding() {
      String name = super.getCharacterEncoding();
      return name != null && isCharset(name) ? name : null;
    }

    private static boolean isCharset(String name) {
      try {
        return Charset.isSupported(name);
      } catch (IllegalCharsetNameException _) {
        return false;
      }
    }
  }

  /**
   * Spring flushes every answer, which Tomcat then sends in chunks: two packets, and two wake-ups
   * of the client. Unflushed, a short answer has a length and is one packet. What is not JSON, such
   * as an event stream, is flushed when Spring says so.
   */
  private static final class WholeAnswer extends HttpServletResponseWrapper {

    WholeAnswer(HttpServletResponse response) {
      super(response);
    }

    @Override
    public void flushBuffer() throws IOException {
      String type = getContentType();
      if (type == null || !type.contains("json")) {
        super.flushBuffer();
      }
    }
  }

  private static final class LimitedInput extends ServletInputStream {

    private final ServletInputStream input;
    private long left = MAX_BODY_BYTES;

    LimitedInput(ServletInputStream input) {
      this.input = input;
    }

    @Override
    public int read() throws IOException {
      int value = input.read();
      return value < 0 ? value : counted(1, value);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int read = input.read(bytes, offset, length);
      return read < 0 ? read : counted(read, read);
    }

    private int counted(int bytes, int result) throws RequestTooLarge {
      left -= bytes;
      if (left < 0) {
        throw new RequestTooLarge(MAX_BODY_BYTES);
      }
      return result;
    }

    @Override
    public boolean isFinished() {
      return input.isFinished();
    }

    @Override
    public boolean isReady() {
      return input.isReady();
    }

    @Override
    public void setReadListener(ReadListener listener) {
      input.setReadListener(listener);
    }
  }
}
