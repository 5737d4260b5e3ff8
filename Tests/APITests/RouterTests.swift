// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import HTTPTypes
import Protection
import Testing

@testable import API

@Suite struct RouterTests {
  private let router = Router([
    route(.get, "/r"), route(.get, "/r/{id}"), route(.post, "/r/start"), route(.get, "/r/health"),
    route(.post, "/r/{id}/event"), route(.get, "/r/{id}/events"), route(.post, "/r/{id}/events"),
  ])

  @Test(arguments: [
    (HTTPRequest.Method.get, "/r", "/r", []), (.get, "/r/1", "/r/{id}", ["1"]),
    (.get, "/r/health", "/r/health", []), (.head, "/r/health", "/r/health", []),
    (.get, "/r/%41%2f", "/r/{id}", ["A/"]), (.post, "/r/1/events", "/r/{id}/events", ["1"]),
    (.get, "/r/health?x", "/r/health", []), (.get, "/r/Health", "/r/{id}", ["Health"]),
    (.get, "/r/1;a=b", "/r/{id}", ["1;a=b"]),
  ])
  func findsTheRoute(
    _ method: HTTPRequest.Method, _ target: String, _ path: String, _ parameters: [String]
  ) {
    guard case .route(let route, let found) = router.match(method, RequestTarget(target)) else {
      Issue.record("no route")
      return
    }
    #expect(route.path == path)
    #expect(route.method == (method == .head ? .get : method))
    #expect(found == parameters)
  }

  @Test(arguments: [
    "/", "/R", "/r/", "//r", "/r//event", "/r/1/event/", "/r/1/event%73", "/r/1/events%3Abatch",
    "/r/1/2/3", "/x", "/r/./start/x",
  ])
  func findsNothing(_ target: String) {
    guard case .none = router.match(.get, RequestTarget(target)) else {
      Issue.record("found a route")
      return
    }
  }

  @Test(arguments: [
    (HTTPRequest.Method.delete, "/r/1", ["GET", "HEAD"]), (.get, "/r/start", ["POST"]),
    (.put, "/r/1/events", ["GET", "POST", "HEAD"]), (.head, "/r/1/event", ["POST"]),
  ])
  func namesTheMethodsOfAPathThatHasAnother(
    _ method: HTTPRequest.Method, _ target: String, _ methods: [String]
  ) {
    guard case .wrongMethod(_, let allowed) = router.match(method, RequestTarget(target)) else {
      Issue.record("not a wrong method")
      return
    }
    #expect(allowed.map(\.rawValue) == methods)
  }

  @Test(arguments: ["%zz", "%", "%ff", "%00", "%c0%af"])
  func refusesParametersThatAreNoText(_ segment: String) {
    guard case .badEncoding = router.match(.get, RequestTarget("/r/\(segment)")) else {
      Issue.record("taken")
      return
    }
  }

  @Test func derivesTheRolesOfARouteFromThePolicy() {
    #expect(Self.route(.get, "/r", .readAgents).roles == [.admin, .auditor])
    #expect(Self.route(.get, "/r", .appendEvents).roles == [.recorder, .member, .reviewer, .admin])
    #expect(Self.route(.get, "/r", .readRecording).roles == [.member, .reviewer, .auditor, .admin])
  }

  private static func route(
    _ method: HTTPRequest.Method, _ path: String,
    _ operation: Governance.Operation = .listRecordings
  ) -> Route {
    Route(method, path, operation) { _, _ in Reply { $0.null() } }
  }
}
