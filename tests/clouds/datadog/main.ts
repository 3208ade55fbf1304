import { serve } from "../plugin/serve.js";
import { account } from "./account.js";

serve(account(), "5.11.0");
