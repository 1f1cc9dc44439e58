/* SPDX-License-Identifier: GPL-2.0 */
/* Goodbyes that the machine says: reboot, shutdown, suspend, devices. */
#ifndef _HB_GOODBYE_H
#define _HB_GOODBYE_H

/**
 * hb_goodbye_init() - listen to what becomes of the machine and its devices
 *
 * Context: process, after the namespaces are registered.
 * Return: 0 or a negative error.
 */
int hb_goodbye_init(void);

/**
 * hb_goodbye_exit() - listen no more
 *
 * Context: process, before the namespaces are unregistered; waits for
 * notifiers that run.
 */
void hb_goodbye_exit(void);

#endif /* _HB_GOODBYE_H */
