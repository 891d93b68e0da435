internal import Catalogue

extension AppSession {
    /// Gives the app another title: stored, then published.
    ///
    /// Nothing but this changes a title, so later turns leave it alone.
    ///
    /// - Parameter title: as `Title.checked` returns it.
    /// - Throws: `OrchestrationError`; then the old title stands.
    func rename(to title: String) async throws {
        try await describing.acquire()
        defer { describing.release() }
        try checkOpen()
        guard !view.title.utf8.elementsEqual(title.utf8) else { return }
        do {
            try await services.catalogue.setTitle(title, app: id)
        } catch {
            throw OrchestrationError(error)
        }
        publishDescription { $0.title = title }
    }

    /// Changes the featured mark; returns the new one.
    func toggleFeature() async throws -> Bool {
        try await describing.acquire()
        defer { describing.release() }
        try checkOpen()
        let isFeatured = !view.isFeatured
        do {
            try await services.catalogue.setFeatured(isFeatured, app: id)
        } catch {
            throw OrchestrationError(error)
        }
        publishDescription { $0.isFeatured = isFeatured }
        return isFeatured
    }

    /// Publishes a change of title or mark; what else became of the app meanwhile is in the view of now.
    private func publishDescription(_ change: (inout AppView) -> Void) {
        guard life != .terminated else { return }
        var changed = view
        change(&changed)
        publish(.appChanged(changed))
    }
}
