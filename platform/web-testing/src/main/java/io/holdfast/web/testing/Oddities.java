package io.holdfast.web.testing;

import java.util.ArrayList;
import java.util.List;

/** What clients send by mistake or on purpose. */
final class Oddities {

  private Oddities() {}

  private static final String LONG = "x".repeat(10_000);

  /** JSON, or almost, in the place of a value. */
  static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "false",
          "0",
          "-0",
          "1",
          "-1",
          "1.5",
          "1e400",
          "-1e400",
          "1E-400",
          "1e9",
          "2147483648",
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775808",
          "9".repeat(1_001),
          "0." + "3".repeat(900),
          "1e1000000000",
          "NaN",
          "-Infinity",
          "01",
          "0x10",
          "+1",
          "\"\"",
          "\" \"",
          "\"1\"",
          "\"null\"",
          "\"\\u0000\"",
          "\"a\\u0000b\"",
          "\"\\ud800\"",
          "\"a\\udc00\\ud800b\"",
          "\"\\ufffe\\uffff\"",
          "\"\\u0007\\u001b[31m\"",
          "\"\\u202e\\u2028\\u0085\"",
          "\"\ud83d\ude00\"",
          "\"\u0000\"",
          "\"\n\"",
          "\"'; drop table orders; --\"",
          "\"%s%n%x\"",
          "\"${jndi:ldap://localhost/x}\"",
          "\"../../etc/passwd\"",
          "\"" + LONG + "\"",
          "\"00000000-0000-0000-0000-000000000000\"",
          "\"ffffffff-ffff-ffff-ffff-ffffffffffff\"",
          "\"1-1-1-1-1\"",
          "\"0197c2ef-5d21-7c40-b3a8-6e1f0d9c8b7\"",
          "\"2026-13-45T99:99:99Z\"",
          "\"0000-01-01T00:00:00Z\"",
          "\"-999999999-01-01T00:00:00Z\"",
          "\"+999999999-12-31T23:59:59.999999999Z\"",
          "\"9999-12-31T23:59:59.9999999Z\"",
          "\"2026-11-21T09:30:00+19:00\"",
          "\"2026-11-01T00:00:00.000000001Z\"",
          "1e30",
          "-62135596801",
          "\"PT-1S\"",
          "\"PT999999999999999H\"",
          "\"P106751991168D\"",
          "\"XTS\"",
          "\"eur\"",
          "[]",
          "[null]",
          "[[]]",
          "[1,\"a\",{}]",
          "{}",
          "{\"a\":1}",
          "[".repeat(400) + "]".repeat(400),
          "[".repeat(5_000),
          "{\"a\":".repeat(5_000),
          "'x'",
          "undefined",
          "tru",
          "\"\\x\"",
          "\"\\ud83",
          "");

  /** Put behind a text that is right. */
  static final List<String> ENDINGS =
      List.of(
          "\\u0000",
          "\\ud800",
          "\\udfff",
          "\\ufffe",
          "\\n",
          "\\t",
          "\\u007f",
          "\\u0085",
          "\\u202e",
          "\ud83d\ude00",
          " ",
          "'",
          "\\\"",
          "\\\\",
          "%00",
          LONG);

  /** In the place of a whole body. */
  static List<byte[]> bodies(String right) {
    var bodies = new ArrayList<byte[]>();
    for (String text :
        List.of(
            "",
            " ",
            "null",
            "true",
            "0",
            "\"x\"",
            "[]",
            "[" + right + "]",
            "{}",
            "{",
            "}",
            "{}{}",
            right + right,
            right + "x",
            right.substring(0, right.length() / 2),
            right.substring(0, right.length() - 1),
            "\ufeff" + right,
            "// comment\n" + right,
            "{\"\":1}",
            "{null:1}",
            "{\"a\":1,}",
            "{\"__proto__\":{\"a\":1}}",
            "{\"@class\":\"java.lang.Object\"}",
            "a=1&b=2",
            "<a/>",
            "[".repeat(30_000),
            "{\"a\":".repeat(12_000),
            " ".repeat(70_000) + right,
            "{\"a\":\"" + "x".repeat(70_000) + "\"}")) {
      bodies.add(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    bodies.add(right.getBytes(java.nio.charset.StandardCharsets.UTF_16));
    bodies.add(right.getBytes(java.nio.charset.StandardCharsets.UTF_16LE));
    bodies.add(new byte[] {'{', '"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"', ':', '1', '}'});
    bodies.add(new byte[] {'{', '"', (byte) 0xff, (byte) 0xfe, '"', ':', '1', '}'});
    bodies.add(new byte[] {'{', '"', (byte) 0xc0, (byte) 0x80, '"', ':', '1', '}'});
    bodies.add(new byte[] {0, 0, 0, 0});
    bodies.add(new byte[] {0x1f, (byte) 0x8b, 8, 0});
    return bodies;
  }

  /** In a path or a query, as they are sent. */
  static final List<String> PARAMETERS =
      List.of(
          "%00",
          "a%00b",
          "%ED%A0%80",
          "%FF",
          "%C0%80",
          "%zz",
          "%",
          "%u0041",
          "%20",
          "+",
          "%0D%0ASet-Cookie:%20a=b",
          "%F0%9F%98%80",
          "%E2%80%AE",
          "%22",
          "%27%3B%20drop%20table%20orders%3B--",
          "%24%7B7*7%7D",
          "%7B%7D",
          "%3Cscript%3E",
          "%25s%25n",
          "%C2%85",
          "%7F",
          "0",
          "-1",
          "1.5",
          "1e9",
          "2147483648",
          "9223372036854775808",
          "9".repeat(400),
          "NaN",
          "null",
          "true",
          "[]",
          "[0]",
          "1,2",
          "00000000-0000-0000-0000-000000000000",
          "ffffffff-ffff-ffff-ffff-ffffffffffff",
          "0197c2ef-5d21-7c40-b3a8-6e1f0d9c8b7a",
          "1-1-1-1-1",
          "0197C2EF-5D21-7C40-B3A8-6E1F0D9C8B7A",
          "urn:uuid:0197c2ef-5d21-7c40-b3a8-6e1f0d9c8b7a",
          "2026-13-45T99:99:99Z",
          "0000-01-01T00:00:00Z",
          "%2B999999999-12-31T23:59:59Z",
          "-999999999-01-01T00:00:00Z",
          "9999-12-31T23:59:59.9999999Z",
          "0197c2ef-5d21-7c40-b3a8-6e1f0d9c8b7a:HOLD",
          "0197c2ef-5d21-7c40-b3a8-6e1f0d9c8b7a.HOLD",
          ":",
          ".",
          "~",
          "x".repeat(300),
          "x".repeat(5_000));

  /** In a path only. */
  static final List<String> SEGMENTS =
      List.of(
          "",
          "..",
          "%2e%2e",
          "%2F",
          "a%2Fb",
          "%5C",
          "a;b=c",
          ";",
          "x".repeat(20_000),
          "\u0001",
          "\u00e9",
          "a b",
          "a\\b",
          "<",
          "{x}",
          "a#b",
          "|");

  /** Whole queries, as they are sent. */
  static final List<String> QUERIES =
      List.of(
          "=",
          "&",
          "?",
          "a",
          "=1",
          "%zz=1",
          "a=%zz",
          "a=1&a=2",
          "[]=1",
          "%00=1",
          "a[b]=1",
          "x".repeat(3_000),
          "a=1&".repeat(1_200),
          "\u0001",
          "limit=1&limit=2");

  /** Header lines. */
  static final List<RawHttp.Header> HEADERS = headers();

  private static List<RawHttp.Header> headers() {
    var headers = new ArrayList<RawHttp.Header>();
    for (String name :
        List.of(
            "Accept",
            "Accept-Language",
            "Accept-Charset",
            "Accept-Encoding",
            "Content-Encoding",
            "Idempotency-Key",
            "Prefer",
            "Last-Event-ID",
            "Stripe-Signature",
            "traceparent",
            "Cookie",
            "Authorization",
            "Origin",
            "Range",
            "If-None-Match",
            "If-Modified-Since",
            "X-Forwarded-For",
            "X-HTTP-Method-Override")) {
      for (String value :
          List.of(
              "",
              "x",
              ",,;;==",
              "*",
              "\u0000",
              "a\u0001b",
              "\u00e9\u00ff",
              "\u00f0\u009f\u0098\u0080",
              "x".repeat(300),
              "\"",
              "-1")) {
        headers.add(new RawHttp.Header(name, value));
      }
    }
    for (String accept :
        List.of(
            "text/html",
            "application/xml",
            "application/json;q=0",
            "application/problem+json",
            "text/event-stream",
            "*/*;q=2",
            "application/*+json",
            "image/png, */*;q=0.1")) {
      headers.add(new RawHttp.Header("Accept", accept));
    }
    for (String language :
        List.of("zh-CN,zh;q=0.9", "zh", "xx-invalid-tag-that-is-long", "*;q=0", "en;q=x", "de")) {
      headers.add(new RawHttp.Header("Accept-Language", language));
    }
    for (String prefer :
        List.of(
            "wait=0", "wait=-1", "wait=x", "wait=99999999999999999999", "respond-async", "wait")) {
      headers.add(new RawHttp.Header("Prefer", prefer));
    }
    headers.add(
        new RawHttp.Header(
            "traceparent", "00-00000000000000000000000000000000-0000000000000000-00"));
    headers.add(
        new RawHttp.Header(
            "traceparent", "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
    headers.add(new RawHttp.Header("Range", "bytes=0-1"));
    headers.add(new RawHttp.Header("Expect", "200-maybe"));
    headers.add(new RawHttp.Header("Content-Length", "x"));
    headers.add(new RawHttp.Header("Host", ""));
    headers.add(new RawHttp.Header("Host", "a b"));
    headers.add(new RawHttp.Header("Host", "evil\u0001"));
    headers.add(new RawHttp.Header("X-Long", "x".repeat(20_000)));
    headers.add(new RawHttp.Header("bad name", "x"));
    headers.add(new RawHttp.Header("X-HTTP-Method-Override", "DELETE"));
    return List.copyOf(headers);
  }

  static final List<String> CONTENT_TYPES =
      List.of(
          "",
          "text/plain",
          "application/xml",
          "application/x-www-form-urlencoded",
          "multipart/form-data",
          "multipart/form-data; boundary=x",
          "application/json;charset=utf-16",
          "application/json;charset=nonsense",
          "application/json; charset",
          "application/problem+json",
          "application/octet-stream",
          "application/yaml",
          "application/cbor",
          "*/*",
          "a",
          ";;",
          "\u0001");

  static final List<String> METHODS =
      List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW", "get");
}
