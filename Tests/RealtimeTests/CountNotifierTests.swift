import Synchronization
import Testing

@testable import Realtime

@Suite struct CountNotifierTests {
    @Test func lastCallHasTheLastValueWhoeverChangesIt() async {
        let seen = Mutex<[Int]>([])
        let notifier = CountNotifier { count in seen.withLock { $0.append(count) } }
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<500 {
                        notifier.add(1)
                        notifier.add(-1)
                    }
                    notifier.add(1)
                }
            }
        }
        #expect(notifier.count == 8)
        #expect(seen.withLock { $0.last } == 8)
    }

    @Test func callbackMayChangeTheCountItself() {
        let seen = Mutex<[Int]>([])
        let box = Mutex<CountNotifier?>(nil)
        let notifier = CountNotifier { count in
            seen.withLock { $0.append(count) }
            if count < 3 { box.withLock { $0 }?.add(1) }
        }
        box.withLock { $0 = notifier }
        notifier.add(1)
        #expect(seen.withLock { $0 } == [1, 2, 3])
    }
}
