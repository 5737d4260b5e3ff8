// Hansard
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

/// Finds the route of a request in the table.
///
/// A literal segment wins over a parameter, so `/recording/health` is never taken for an id.
struct Router: Sendable {
  /// What a target names.
  enum Match: Sendable {
    /// A route, and the path's parameters, decoded.
    case route(Route, parameters: [String])
    /// A path that there is, asked for by a method that it does not have.
    case wrongMethod(path: String, allowed: [HTTPRequest.Method])
    /// A parameter that is not percent-encoded UTF-8.
    case badEncoding
    /// Nothing.
    case none
  }

  /// The table.
  let routes: [Route]
  /// The routes of one path together, in the order in which paths are tried: those with the most
  /// literal beginning first. Never empty inside.
  private let paths: [[Route]]

  /// Creates a router for `routes`.
  init(_ routes: [Route]) {
    self.routes = routes
    let ordered = routes.enumerated().sorted { first, second in
      let (a, b) = (first.element.precedence, second.element.precedence)
      return a == b ? first.offset < second.offset : a.lexicographicallyPrecedes(b)
    }.map(\.element)
    paths = ordered.reduce(into: []) { paths, route in
      if let index = paths.firstIndex(where: { $0[0].segments == route.segments }) {
        paths[index].append(route)
      } else {
        paths.append([route])
      }
    }
  }

  /// What `method` and `target` name. `HEAD` is answered wherever `GET` is.
  func match(_ method: HTTPRequest.Method, _ target: RequestTarget) -> Match {
    guard let routes = paths.first(where: { $0[0].matches(target.segments) }) else { return .none }
    let wanted = method == .head ? .get : method
    guard let route = routes.first(where: { $0.method == wanted }) else {
      return .wrongMethod(path: routes[0].path, allowed: Self.allowed(routes.map(\.method)))
    }
    let raw = zip(route.segments, target.segments).filter { $0.0 == .parameter }.map(\.1)
    let parameters = raw.compactMap(PercentEncoding.decode)
    guard parameters.count == raw.count else { return .badEncoding }
    return .route(route, parameters: parameters)
  }

  private static func allowed(_ methods: [HTTPRequest.Method]) -> [HTTPRequest.Method] {
    methods.contains(.get) ? methods + [.head] : methods
  }
}

extension Route {
  /// Literals before parameters, segment by segment.
  fileprivate var precedence: [Int] {
    segments.map { $0 == .parameter ? 1 : 0 }
  }

  fileprivate func matches(_ path: [Substring]) -> Bool {
    guard path.count == segments.count else { return false }
    return zip(segments, path).allSatisfy { segment, part in
      switch segment {
      case .literal(let text): text.utf8.elementsEqual(part.utf8)
      case .parameter: !part.isEmpty
      }
    }
  }
}
