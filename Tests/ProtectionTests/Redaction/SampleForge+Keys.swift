// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

// What has an inner structure of its own: base64, JSON Web Tokens, PEM.

extension SampleForge {
  static func base64(_ text: String) -> String {
    Data(text.utf8).base64EncodedString()
  }

  /// RFC 4648 section 5, without padding.
  static func base64URL(_ text: String) -> String {
    base64(text).replacingOccurrences(of: "+", with: "-")
      .replacingOccurrences(of: "/", with: "_")
      .replacingOccurrences(of: "=", with: "")
  }

  /// A signed token (RFC 7519): three parts, signature of HS256, ES256 or RS256.
  mutating func jwt() -> String {
    let (algorithm, signature) = pick([("HS256", 43), ("ES256", 86), ("RS256", 342)])
    let header = pick([
      #"{"alg":"\#(algorithm)","typ":"JWT"}"#,
      #"{"typ":"JWT","alg":"\#(algorithm)","kid":"\#(fill("{hex:40}"))"}"#,
      #"{"alg":"\#(algorithm)"}"#,
    ])
    let claims = fill(
      #"{"sub":"{digits:10}","name":"{Word} {Word}","iat":1716{digits:6},"jti":"{uuid}"}"#)
    return Self.base64URL(header) + "." + Self.base64URL(claims) + "."
      + fill("{b64url:\(signature)}")
  }

  /// Lines of 64 characters of base64 and a shorter one with padding.
  mutating func pemBody(lines: Int) -> String {
    (0..<max(1, lines - 1)).map { _ in fill("{b64:64}") }.joined(separator: "\n")
      + "\n" + fill("{b64:42-50}") + "=="
  }

  /// Base64 of random JSON, as some vendors issue tokens.
  mutating func base64JSON(_ template: String) -> String {
    Self.base64(fill(template))
  }
}
