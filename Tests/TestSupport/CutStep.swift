// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// How many messages lie between two places at which long conversations are cut. Each of them takes minutes:
/// `CUT_STEP=1` cuts at every message.
package enum CutStep {
  package static let value =
    ProcessInfo.processInfo.environment["CUT_STEP"].flatMap { Int($0) } ?? 7
}
