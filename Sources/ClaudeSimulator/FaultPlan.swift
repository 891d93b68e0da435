internal import Synchronization

/// The faults still to come.
///
/// Any thread asks; a mutex guards the counts.
final class FaultPlan: Sendable {
    private let remaining: Mutex<[Fault]>

    init(_ faults: [Fault]) {
        remaining = Mutex(faults)
    }

    /// The fault that hits the next request, which uses up one of its count.
    ///
    /// - Parameters:
    ///   - isCode: whether the request asks for a component.
    ///   - isFirst: whether it is the first code request of its conversation.
    /// - Returns: the fault, or `nil` when all goes well.
    func next(isCode: Bool, isFirst: Bool) -> Fault.Kind? {
        remaining.withLock { faults in
            for index in faults.indices {
                let fault = faults[index]
                if fault.kind == .badComponent, !isCode { continue }
                guard let count = fault.count else {
                    if fault.kind == .badComponent, !isFirst { continue }
                    return fault.kind
                }
                if count > 1 {
                    faults[index].count = count - 1
                } else {
                    faults.remove(at: index)
                }
                return fault.kind
            }
            return nil
        }
    }
}
