// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance

/// An S3-compatible store, as the operator has configured it.
struct S3Settings: Sendable {
  /// Where the service is: no path, no query.
  var endpoint: WebhookURL
  var region: String
  var bucket: String
  /// What all names begin with: nothing, or `a/b/`.
  var prefix: String
  var credentials: SignatureV4.Credentials
  /// Whether the bucket stands in the path rather than in the host's name.
  var usesPathStyle: Bool

  /// Amazon's own endpoint of a region.
  static func standardEndpoint(of region: String) -> WebhookURL? {
    WebhookURL("https://s3.\(region).amazonaws.com")
  }

  /// The host's name, with the port where that is not the scheme's own: what `Host` says.
  var authority: String {
    let isAddress = endpoint.host.utf8.contains(UInt8(ascii: ":"))
    let host = isAddress ? "[\(endpoint.host)]" : endpoint.host
    let isStandard = endpoint.port == (endpoint.isSecure ? 443 : 80)
    let name = usesPathStyle ? host : "\(bucket).\(host)"
    return isStandard ? name : "\(name):\(endpoint.port)"
  }

  /// The path of an object; nothing in it needs to be encoded.
  func path(of name: any StoredName) -> String {
    (usesPathStyle ? "/\(bucket)/" : "/") + prefix + name.path
  }

  /// Where requests for an object go.
  func requestURL(of name: any StoredName) -> String {
    "\(endpoint.isSecure ? "https" : "http")://\(authority)\(path(of: name))"
  }

  /// What `storage_url` says.
  func url(of name: any StoredName) -> String { "s3://\(bucket)/\(prefix)\(name.path)" }
}
