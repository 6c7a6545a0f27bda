#pragma once

// Before the definition of a function whose loop is worth a second copy for machines with AVX2, which
// is chosen when the program starts. The sanitizers do not bear how that is done.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define CLUEHOUND_VECTORISED __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define CLUEHOUND_VECTORISED
#endif
