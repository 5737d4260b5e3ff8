// Hansard
// SPDX-License-Identifier: Apache-2.0

/// A request as the bytes that it is sent as: each part can be wrong on purpose.
struct RawRequest: Sendable {
  var method = "POST"
  var target: String
  var version = "HTTP/1.1"
  /// In order, names as given; a name may come twice.
  var headers: [(name: String, value: String)]
  var body: [UInt8] = []
  /// nil: the length of the body; an empty text: no such field.
  var contentLength: String?
  /// What follows the request on the same connection.
  var trailing: [UInt8] = []

  /// A request that is right: `Host`, `Authorization`, for a body its type.
  init(_ method: String, _ target: String, key: String?, body: [UInt8]? = nil) {
    self.method = method
    self.target = target
    headers = [("Host", "localhost")]
    if let key { headers.append(("Authorization", "Bearer \(key)")) }
    if let body {
      headers.append(("Content-Type", "application/json"))
      self.body = body
    }
  }

  /// The same with a field more.
  func adding(_ name: String, _ value: String) -> RawRequest {
    var copy = self
    copy.headers.append((name, value))
    return copy
  }

  /// The same with all fields of that name replaced by one, or none.
  func setting(_ name: String, _ value: String?) -> RawRequest {
    var copy = self
    copy.headers.removeAll { $0.name == name }
    if let value { copy.headers.append((name, value)) }
    return copy
  }

  /// The same with another part.
  func with<Value>(_ part: WritableKeyPath<RawRequest, Value>, _ value: Value) -> RawRequest {
    var copy = self
    copy[keyPath: part] = value
    return copy
  }

  /// The bytes on the wire.
  var bytes: [UInt8] {
    var head = "\(method) \(target) \(version)\r\n"
    for (name, value) in headers { head += "\(name): \(value)\r\n" }
    let isFramed = headers.contains { $0.name == "Transfer-Encoding" }
    let length = contentLength ?? (body.isEmpty && method == "GET" ? "" : String(body.count))
    if !length.isEmpty, !isFramed { head += "Content-Length: \(length)\r\n" }
    return Array((head + "\r\n").utf8) + body + trailing
  }
}
