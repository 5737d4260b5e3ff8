// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A place in an agent's recording where a secret turns up.
struct SecretContext: Sendable {
  let name: String
  let shapes: Set<SecretSample.Shape>
  /// Only for secrets that may stand in a URL as they are.
  var isURL = false
  /// From the pieces of a sample to those of a JSON document.
  let build: @Sendable ([Piece]) -> [Piece]

  func accepts(_ sample: SecretSample) -> Bool {
    guard shapes.contains(sample.shape) else { return false }
    return !isURL
      || sample.pieces.allSatisfy { piece in
        piece.text.unicodeScalars.allSatisfy { scalar in
          scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            || "-._~".unicodeScalars.contains(scalar)
        }
      }
  }

  /// A document whose one text is `before`, the sample and `after`.
  private static func text(
    _ name: String, _ shapes: Set<SecretSample.Shape>, _ before: String, _ after: String,
    isURL: Bool = false
  ) -> SecretContext {
    SecretContext(name: name, shapes: shapes, isURL: isURL) { pieces in
      document([.fixed(before)] + pieces + [.fixed(after)], JSONText.escaped)
    }
  }

  /// A document whose one text is the pieces in some spelling.
  private static func document(_ pieces: [Piece], _ spelling: (String) -> String) -> [Piece] {
    [.fixed(#"{"seq":17,"output":""#)] + pieces.map { $0.map(spelling) }
      + [.fixed(#"","ok":true}"#)]
  }

  private static func spelled(
    _ name: String, _ spelling: @escaping @Sendable (String) -> String
  ) -> SecretContext {
    SecretContext(name: name, shapes: any) { pieces in document(pieces, spelling) }
  }

  private static let any: Set<SecretSample.Shape> = [.token, .fragment, .block]

  static let all: [SecretContext] = everywhere + structural + aroundTokens + aroundLines
}

extension SecretContext {
  private static let everywhere: [SecretContext] = [
    text("bare value", any, "", ""),
    text("paragraph", any, "I ran this:\n\n", "\n\nand it worked.\n"),
    text("code fence", any, "Use:\n```\n", "\n```\n"),
    text("heredoc", any, "cat > /tmp/x <<EOF\n", "\nEOF\n"),
    text("CRLF lines", any, "first\r\n", "\r\nlast\r\n"),
    text("CJK lines", any, "使用以下内容：\n", "\n谢谢🔑\n"),
    spelled("all \\u", JSONText.unicode),
    spelled("punctuation as \\u", JSONText.punctuation),
    spelled("every third as \\u", JSONText.thirds),
  ]

  private static let structural: [SecretContext] = [
    SecretContext(name: "root string", shapes: any) { pieces in
      [.fixed("\"")] + pieces.map { $0.map(JSONText.escaped) } + [.fixed("\"")]
    },
    SecretContext(name: "array element", shapes: any) { pieces in
      [.fixed(#"{"args":["run",""#)] + pieces.map { $0.map(JSONText.escaped) }
        + [.fixed(#"",5,null]}"#)]
    },
    SecretContext(name: "object key", shapes: any) { pieces in
      [.fixed(#"{"a":1,""#)] + pieces.map { $0.map(JSONText.escaped) }
        + [.fixed(#"" : {"seen":3}}"#)]
    },
    nested("JSON in string", #"{"id":7,"value":""#, #"","next":[]}"#, depth: 1),
    nested("JSON in JSON in string", #"{"id":7,"value":""#, #"","next":[]}"#, depth: 2),
    nested("line of nested JSON", #"{"log":"one\n"#, #"\nthree"}"#, depth: 1),
    nested("tab of nested JSON", #"{"log":"one\t"#, #"\tthree"}"#, depth: 1),
    SecretContext(name: "\\u in nested JSON", shapes: any) { pieces in
      document(
        [.fixed(#"{"value":""#)] + pieces.map { $0.map(JSONText.unicode) } + [.fixed(#""}"#)],
        JSONText.escaped)
    },
  ]

  private static func nested(
    _ name: String, _ before: String, _ after: String, depth: Int
  ) -> SecretContext {
    SecretContext(name: name, shapes: any) { pieces in
      var inner = [.fixed(before)] + pieces.map { $0.map(JSONText.escaped) } + [.fixed(after)]
      if depth > 1 {
        inner =
          [.fixed(#"{"body":""#)] + inner.map { $0.map(JSONText.escaped) } + [.fixed(#""}"#)]
      }
      return document(inner, JSONText.escaped)
    }
  }

  private static let aroundTokens: [SecretContext] = [
    text("sentence", [.token], "The deploy works with ", ". I'll remove it now."),
    text("end of sentence", [.token], "Here it is: ", "."),
    text("question", [.token], "Is (", ")? the right one"),
    text("export", [.token], "export DEPLOY_VALUE=", "\necho done\n"),
    text("export of a token", [.token], "export SERVICE_TOKEN=", "\necho done\n"),
    text(".env file", [.token], "# local\nNODE_ENV=test\nSERVICE_KEY=", "\nPORT=3000\n"),
    text("quoted .env file", [.token], "NODE_ENV=test\nSERVICE_KEY=\"", "\"\nPORT=3000\n"),
    text("Windows set", [.token], "set DEPLOY_VALUE=", "\r\necho done\r\n"),
    text("Dockerfile", [.token], "FROM scratch\nENV DEPLOY_VALUE ", "\nUSER app\n"),
    text("YAML", [.token], "service:\n  url: x\n  deploy: ", "\n  retries: 3\n"),
    text("Python", [.token], "client = Client(\"", "\", timeout=30)\n"),
    text("JavaScript", [.token], "const c = new Client('", "');\n"),
    text("Ruby hash", [.token], "{ :deploy => '", "', :n => 1 }"),
    text("template literal", [.token], "const c = `", "`;"),
    text("log line", [.token], "2025-03-04T10:11:12Z INFO [w-3] using [", "] for job 8812"),
    text("log pair", [.token], "level=info deploy=", " dur=12ms"),
    text("shell history", [.token], "  512  deploy --with ", "; ls -la"),
    text("subshell", [.token], "$(deploy ", ")\n"),
    text("list", [.token], "a,", ",b"),
    text("pipe", [.token], "echo ", "|deploy"),
    text("Markdown code", [.token], "Use `", "` as the value"),
    text("Markdown bold", [.token], "The value is **", "** for now"),
    text("CJK", [.token], "使用", "这个令牌🔑"),
    text("emoji", [.token], "🔑", "🔒"),
    text("ANSI colour", [.token], "\u{1B}[32m", "\u{1B}[0m ok"),
    text("CSV", [.token], "17,\"deploy bot\",", ",2025-01-01\n"),
    text("diff", [.token], "@@ -1,2 +1,2 @@\n-old\n+", "\n same\n"),
    text("XML attribute", [.token], "<add name=\"svc\" value=\"", "\"/>"),
    text("XML element", [.token], "<deploy>", "</deploy>"),
    text("Python repr", [.token], "{'deploy': '", "', 'n': 1}"),
    text("debug print", [.token], "Optional(\"", "\")"),
    text(
      "URL query", [.token], "GET https://a.example/v2?page=2&ticket=", "&x=1 HTTP/1.1", isURL: true
    ),
    text("URL path", [.token], "https://a.example/hook/", "/x", isURL: true),
    text("URL user", [.token], "git clone https://", "@git.example/a/b.git", isURL: true),
    text(
      "percent-encoded query", [.token], "https://a.example/?n=%2Fcb%3Fv%3D", "%26a%3D1",
      isURL: true),
    SecretContext(name: "curl header", shapes: [.token]) { pieces in
      document(
        [.fixed("curl -sS -H \"Authorization: "), .open("Bearer ")] + pieces
          + [.fixed("\" https://a.example/v1/me")], JSONText.escaped)
    },
    SecretContext(name: "header line", shapes: [.token]) { pieces in
      document([.fixed("> Host: a\n> X-Api-Key: ")] + pieces + [.fixed("\n> ")], JSONText.escaped)
    },
  ]

  private static let aroundLines: [SecretContext] = [
    text("ANSI line", [.fragment], "\u{1B}[32m", "\u{1B}[0m\nok"),
    text("prompt", [.fragment], "root@3f2a:/app# ", "\nroot@3f2a:/app# "),
    text("numbered lines", [.fragment], "   12\tfirst\n   13\t", "\n   14\tlast"),
    text("grep output", [.fragment], "config/app.env:13:", "\nconfig/app.env:14:x"),
    lines("added lines", "+"),
    lines("indented lines", "    "),
    lines("quoted lines", "> "),
  ]

  /// Every line begins with `mark`.
  private static func lines(_ name: String, _ mark: String) -> SecretContext {
    SecretContext(name: name, shapes: [.fragment, .block]) { pieces in
      let marked = pieces.map { $0.map { $0.replacingOccurrences(of: "\n", with: "\n" + mark) } }
      return document(
        [.fixed("\(mark)first\n\(mark)")] + marked + [.fixed("\n\(mark)last\n")], JSONText.escaped)
    }
  }
}
