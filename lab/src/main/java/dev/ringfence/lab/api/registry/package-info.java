/// The rules of writing: what becomes of an object between a request and the store.
///
/// In: objects as sent, from HTTP or from controllers in this process. Out: the object as kept,
/// warnings, or an [dev.ringfence.lab.api.objects.ApiError]. Never here: HTTP. Start at [Registry];
/// the judgement of a NetworkPolicy is core's reader's, see [Judgement].
@NullMarked
package dev.ringfence.lab.api.registry;

import org.jspecify.annotations.NullMarked;
