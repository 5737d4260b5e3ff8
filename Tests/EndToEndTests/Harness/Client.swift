// Hansard
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Protection
import TestSupport

/// A client of a service, for requests that are well-formed HTTP.
struct Client: Sendable {
  /// A request's method.
  enum Method: String, Sendable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case delete = "DELETE"
    case head = "HEAD"
  }

  let url: String
  let key: String?

  /// Many connections, and no retries of its own: what happened is for the tests to judge.
  static let http: HTTPClient = {
    var configuration = HTTPClient.Configuration()
    configuration.redirectConfiguration = .disallow
    configuration.decompression = .disabled
    configuration.timeout = .init(connect: .seconds(5))
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 256
    configuration.connectionPool.retryConnectionEstablishment = false
    // A service that is asked to stop waits a second for connections that idle.
    configuration.connectionPool.idleTimeout = .milliseconds(50)
    return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }()

  /// Sends one request and reads the answer to its end.
  func send(
    _ method: Method, _ path: String, _ body: [UInt8]? = nil,
    type: String = "application/json", headers: [(String, String)] = [],
    within limit: Duration = .seconds(20)
  ) async throws -> Answer {
    var request = HTTPClientRequest(url: url + path)
    request.method = HTTPMethod(rawValue: method.rawValue)
    if let key { request.headers.add(name: "Authorization", value: "Bearer \(key)") }
    if let body {
      request.headers.add(name: "Content-Type", value: type)
      request.body = .bytes(ByteBuffer(bytes: body))
    }
    for (name, value) in headers { request.headers.add(name: name, value: value) }
    let response = try await Self.http.execute(request, timeout: TimeAmount(limit))
    let buffer = try await response.body.collect(upTo: 256 << 20)
    return Answer(
      status: Int(response.status.code),
      headers: Fields(response.headers.map { ($0.name, $0.value) }),
      body: Array(buffer.readableBytesView))
  }

  /// The same with a body of text.
  func send(
    _ method: Method, _ path: String, json: String, headers: [(String, String)] = [],
    within limit: Duration = .seconds(20)
  ) async throws -> Answer {
    try await send(method, path, Array(json.utf8), headers: headers, within: limit)
  }
}

/// An answer, read to its end.
struct Answer: Sendable {
  var status: Int
  var headers: Fields
  var body: [UInt8]

  var text: String { String(decoding: body, as: UTF8.self) }

  /// The one value of a JSON body.
  var json: JSONValue {
    get throws {
      do throws(JSONError) {
        return try JSONDocument(parsing: body, limits: .unlimited).root
      } catch {
        throw TestSupportError("not JSON (\(error)): \(status) \(text.prefix(500))")
      }
    }
  }

  /// The problem's `code`; nil where the body is not a problem.
  var code: String? {
    guard headers["content-type"] == ["application/problem+json"] else { return nil }
    do {
      return try json["code"]?.text()
    } catch {
      return nil
    }
  }

  /// The place that `Link: <…>; rel="next"` names.
  var next: String? {
    guard let link = headers["link"].first, link.hasPrefix("<"),
      link.hasSuffix(">; rel=\"next\"")
    else { return nil }
    return String(link.dropFirst().prefix { $0 != ">" })
  }

  /// The text of a member, which must be there.
  func text(_ member: String) throws -> String {
    guard let value = try json[member] else {
      throw TestSupportError("no '\(member)' in \(status) \(text.prefix(500))")
    }
    return try value.text()
  }
}

/// The fields of an answer's head, in order; names in small letters.
struct Fields: Sendable, ExpressibleByDictionaryLiteral {
  private(set) var all: [(name: String, value: String)] = []

  init(_ fields: [(name: String, value: String)]) {
    for (name, value) in fields { add(name, value) }
  }

  init(dictionaryLiteral elements: (String, String)...) {
    self.init(elements.map { (name: $0.0, value: $0.1) })
  }

  mutating func add(_ name: String, _ value: String) {
    all.append((name.lowercased(), value))
  }

  /// All values of a name, which is given in small letters.
  subscript(name: String) -> [String] { all.filter { $0.name == name }.map(\.value) }
}

extension JSONLimits {
  /// For answers, which may be larger than what the service takes.
  static let unlimited = JSONLimits(
    depth: .max, stringBytes: .max, numberBytes: .max, keys: .max)
}

extension JSONValue {
  /// The names of an object's members, in their order.
  var names: [String] { members.map(\.key) }

  /// The bytes as they stand in the document, as text.
  var raw: String { String(decoding: rawBytes, as: UTF8.self) }
}
