import Foundation
import Testing

@testable import Catalogue

struct FolderLockTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func refusesAFolderThatSomebodyHolds() throws {
        let held = try FolderLock(folder: folder.path)
        #expect(throws: CatalogueError.locked("another server already uses the data folder \(folder.path)")) {
            try FolderLock(folder: folder.path, patience: .zero)
        }
        withExtendedLifetime(held) {}
    }

    /// As after a kill, when a child of the last server still holds it for a moment.
    @Test func takesALockThatIsLetGoMeanwhile() async throws {
        let path = folder.path
        var held: FolderLock? = try FolderLock(folder: path)
        let next = Task.detached { try FolderLock(folder: path, patience: .seconds(60)) }
        withExtendedLifetime(held) {}
        held = nil
        _ = try await next.value
    }
}
