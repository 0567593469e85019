/** Copying, which says so. */

import { t } from "/static/js/i18n.js";
import { toast } from "/static/js/toasts.js";

export async function copy(text) {
  await navigator.clipboard.writeText(text);
  toast(t("copied"));
}
