internal import Catalogue

extension AppSession {
    /// Takes a prompt out of the queue before its turn.
    ///
    /// It leaves the queue in memory first, so that no turn begins with it while it is removed from the catalogue.
    ///
    /// - Parameters:
    ///   - messageID: a prompt that waits.
    ///   - person: its author, or the app's owner.
    ///   - isAdmin: whether the caller may withdraw anybody's.
    /// - Throws: `unknownPrompt` for one that does not wait, `notYours`, or a storage error; then it waits on in its place.
    func withdraw(_ messageID: String, by person: Person, isAdmin: Bool) async throws {
        try checkOpen()
        guard let index = waiting.firstIndex(where: { $0.messageID.utf8.elementsEqual(messageID.utf8) }) else {
            throw OrchestrationError.unknownPrompt
        }
        guard isAdmin || mayWithdraw(queue[index], person) else {
            throw OrchestrationError.notYours
        }
        let prompt = queue.remove(at: index)
        let earlier = Set(queue[..<index].map(\.messageID))
        do {
            try await services.catalogue.removePrompt(prompt.messageID)
        } catch CatalogueError.notFound {
            throw OrchestrationError.unknownPrompt
        } catch {
            if life != .terminated {
                queue.insert(prompt, at: (queue.lastIndex { earlier.contains($0.messageID) } ?? -1) + 1)
                startLoop()
            }
            throw OrchestrationError(error)
        }
        if life != .terminated { publishQueue() }
    }

    /// Nobody is known by an empty id: two who name no user are not the same person.
    private func mayWithdraw(_ prompt: PromptRecord, _ person: Person) -> Bool {
        guard !person.userID.isEmpty else { return false }
        return [prompt.authorID, ownerID].contains { $0.utf8.elementsEqual(person.userID.utf8) }
    }
}
