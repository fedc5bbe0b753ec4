#include "cmd/signals.h"

#include <string.h>

static volatile sig_atomic_t flag;

const volatile sig_atomic_t *signals_flag(void)
{
    return &flag;
}

void signals_forget(void)
{
    flag = 0;
}

static void on_signal(int signal)
{
    flag = signal;
}

static void set_handler(int signal, void (*handler)(int))
{
    struct sigaction sa;
    memset(&sa, 0, sizeof(sa));
    sa.sa_handler = handler; /* no SA_RESTART: whoever waits is to wake */
    sigaction(signal, &sa, NULL);
}

bool signals_catch(bool even_ignored)
{
    struct sigaction old;
    set_handler(SIGTERM, on_signal);
    sigaction(SIGINT, NULL, &old);
    bool ignored = old.sa_handler == SIG_IGN;
    if (!ignored || even_ignored)
        set_handler(SIGINT, on_signal);
    return ignored;
}

void signals_catch_hangup(void)
{
    struct sigaction old;
    sigaction(SIGHUP, NULL, &old);
    if (old.sa_handler != SIG_IGN)
        set_handler(SIGHUP, on_signal);
}

void signals_at_prompt(void)
{
    set_handler(SIGINT, on_signal);
    set_handler(SIGTERM, SIG_IGN);
    set_handler(SIGQUIT, SIG_IGN);
    set_handler(SIGTSTP, SIG_IGN);
    set_handler(SIGTTIN, SIG_IGN);
    set_handler(SIGTTOU, SIG_IGN);
}

void signals_hold(sigset_t *before)
{
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, before);
}

void signals_release(const sigset_t *before)
{
    sigprocmask(SIG_SETMASK, before, NULL);
}

void signals_in_child(bool background)
{
    set_handler(SIGINT, background ? SIG_IGN : on_signal);
    set_handler(SIGQUIT, background ? SIG_IGN : SIG_DFL);
    set_handler(SIGTERM, on_signal);
    struct sigaction hangup;
    sigaction(SIGHUP, NULL, &hangup);
    if (hangup.sa_handler != SIG_IGN)
        set_handler(SIGHUP, SIG_DFL);
    set_handler(SIGTSTP, SIG_DFL);
    set_handler(SIGTTIN, SIG_DFL);
    set_handler(SIGTTOU, SIG_DFL);
    flag = 0;
}

void signals_die_of(int signal)
{
    set_handler(signal, SIG_DFL);
    raise(signal);
}

void signals_default(void)
{
    struct sigaction old;
    sigaction(SIGINT, NULL, &old);
    if (old.sa_handler != SIG_IGN)
        set_handler(SIGINT, SIG_DFL);
    set_handler(SIGTERM, SIG_DFL);
}
